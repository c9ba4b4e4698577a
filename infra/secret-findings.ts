import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { acknowledge, acknowledgeConformity } from './nag.ts';

/**
 * Accepts what cdk-nag finds on each secret of the service.
 *
 * @param noSchedule why it is not rotated on a schedule
 */
export function acknowledgeSecret(secret: Secret, noSchedule: string): void {
  acknowledge(secret, { 'AwsSolutions-SMG4': noSchedule });
  acknowledgeConformity(secret, {
    SecretsManagerRotationEnabled: noSchedule,
    SecretsManagerUsingKMSKey:
      'The key aws/secretsmanager of this account encrypts it, or that of the setting account.kmsKeyArn. Nobody of another account reads it, which is what a key of its own is needed for.',
  });
}
