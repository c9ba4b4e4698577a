import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { generatedSecret, grantReadSecret } from './generated-secret.ts';

/** The key with which personal data is hashed (docs/personal-data.md#the-key). The secret's string is the key itself. */
export class HashKey extends Construct {
  readonly secret: Secret;
  readonly #kmsKeyArn: string | undefined;

  /** @param kmsKeyArn the customer's KMS key that encrypts it; if undefined, the one of AWS does */
  constructor(scope: Construct, id: string, kmsKeyArn: string | undefined) {
    super(scope, id);
    this.#kmsKeyArn = kmsKeyArn;
    this.secret = generatedSecret(this, 'Secret', {
      description: 'The key of the hashes in security logs',
      length: 64,
      kmsKeyArn,
      noSchedule:
        'Equal values have different hashes before and after a rotation: it is rotated when somebody decides that.',
    });
  }

  /** Lets a function read the key. Returns the ARN of the secret. */
  grantRead(grantee: IGrantable): string {
    grantReadSecret(grantee, this.secret, this.#kmsKeyArn);
    return this.secret.secretArn;
  }
}
