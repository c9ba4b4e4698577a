import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { grantKey } from './customer-key.ts';
import { acknowledgeSecret } from './secret-findings.ts';

/** The key with which personal data is hashed (docs/personal-data.md#the-key). The secret's string is the key itself. */
export class HashKey extends Construct {
  readonly secret: Secret;
  readonly #kmsKeyArn: string | undefined;

  /** @param kmsKeyArn the customer's KMS key that encrypts it; if undefined, the one of AWS does */
  constructor(scope: Construct, id: string, kmsKeyArn: string | undefined) {
    super(scope, id);
    this.#kmsKeyArn = kmsKeyArn;
    this.secret = new Secret(this, 'Secret', {
      description: 'The key of the hashes in security logs',
      // a change of these options generates another key
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (kmsKeyArn !== undefined) (this.secret.node.defaultChild as CfnSecret).kmsKeyId = kmsKeyArn;
    acknowledgeSecret(
      this.secret,
      'Equal values have different hashes before and after a rotation: it is rotated when somebody decides that.',
    );
  }

  /** Lets a function read the key. Returns the ARN of the secret. */
  grantRead(grantee: IGrantable): string {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secret.secretArn],
    });
    grantKey(this, grantee, this.#kmsKeyArn, 'secretsmanager');
    return this.secret.secretArn;
  }
}
