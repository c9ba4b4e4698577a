import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentVariables, QueryEnvironment } from '../shared/environment.ts';
import { generatedSecret, grantReadSecret } from './generated-secret.ts';

/**
 * The key that a consumer of the API sends. It is generated at deployment, and the secret's string is the key itself.
 */
export class ApiKey extends Construct {
  readonly secret: Secret;
  readonly #kmsKeyArn: string | undefined;

  /** @param kmsKeyArn the customer's KMS key that encrypts it; if undefined, the one of AWS does */
  constructor(scope: Construct, id: string, kmsKeyArn?: string) {
    super(scope, id);
    this.#kmsKeyArn = kmsKeyArn;
    this.secret = generatedSecret(this, 'Secret', {
      description: 'EASYSEND_SECURITY_LOGS_API_KEY: the apiKey header of get-security-logs',
      length: 48,
      kmsKeyArn,
      noSchedule:
        'Rotation on a schedule would lock out the SIEM that holds the key: it is rotated with its owner.',
    });
  }

  /** Lets a function read the key. Returns the variable that names its secret. */
  grantRead(grantee: IGrantable): Pick<EnvironmentVariables<QueryEnvironment>, 'API_KEY_SECRET_ARN'> {
    grantReadSecret(grantee, this.secret, this.#kmsKeyArn);
    return { API_KEY_SECRET_ARN: this.secret.secretArn };
  }
}
