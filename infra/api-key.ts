import { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvironmentVariables, QueryEnvironment } from '../shared/environment.ts';
import { grantKey } from './customer-key.ts';
import { acknowledgeSecret } from './secret-findings.ts';

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
    this.secret = new Secret(this, 'Secret', {
      description: 'EASYSEND_SECURITY_LOGS_API_KEY: the apiKey header of get-security-logs',
      // a change of these options generates another key
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (kmsKeyArn !== undefined) (this.secret.node.defaultChild as CfnSecret).kmsKeyId = kmsKeyArn;
    acknowledgeSecret(
      this.secret,
      'Rotation on a schedule would lock out the SIEM that holds the key: it is rotated with its owner.',
    );
  }

  /** Lets a function read the key. Returns the variable that names its secret. */
  grantRead(grantee: IGrantable): Pick<EnvironmentVariables<QueryEnvironment>, 'API_KEY_SECRET_ARN'> {
    Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secret.secretArn],
    });
    grantKey(this, grantee, this.#kmsKeyArn, 'secretsmanager');
    return { API_KEY_SECRET_ARN: this.secret.secretArn };
  }
}
