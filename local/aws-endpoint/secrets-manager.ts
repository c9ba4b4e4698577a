import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import { AwsError, type AwsService, jsonService, operation } from './aws-service.ts';

export interface Secret {
  readonly arn: string;
  readonly name: string;
  readonly value: string;
}

/** `GetSecretValue`, by name or ARN. */
export function secretsManager(secrets: readonly Secret[]): AwsService {
  const versionId = randomUUID();
  const created = Math.floor(Date.now() / 1000);
  return jsonService('secretsmanager', {
    GetSecretValue: operation(z.object({ SecretId: z.string() }), ({ SecretId }) => {
      const secret = secrets.find(({ arn, name }) => arn === SecretId || name === SecretId);
      if (secret === undefined) {
        throw new AwsError(
          400,
          'ResourceNotFoundException',
          `Secrets Manager can't find the specified secret. The local stack has no value for ${SecretId}.`,
        );
      }
      return {
        ARN: secret.arn,
        Name: secret.name,
        SecretString: secret.value,
        VersionId: versionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: created,
      };
    }),
  });
}
