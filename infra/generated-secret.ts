import { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { grantKey } from './customer-key.ts';
import { acknowledgeSecret } from './secret-findings.ts';

export interface GeneratedSecretProps {
  readonly description: string;
  /** How many letters and digits it has. A change generates another value. */
  readonly length: number;
  /** The ARN of the customer's KMS key that encrypts it; if undefined, the one of AWS does. */
  readonly kmsKeyArn: string | undefined;
  /** Why it is not rotated on a schedule. */
  readonly noSchedule: string;
}

/** A secret whose string is generated at deployment, and stays when the stack is deleted. */
export function generatedSecret(scope: Construct, id: string, props: GeneratedSecretProps): Secret {
  const { description, length, kmsKeyArn, noSchedule } = props;
  const secret = new Secret(scope, id, {
    description,
    generateSecretString: { passwordLength: length, excludePunctuation: true },
    removalPolicy: RemovalPolicy.RETAIN,
  });
  if (kmsKeyArn !== undefined) (secret.node.defaultChild as CfnSecret).kmsKeyId = kmsKeyArn;
  acknowledgeSecret(secret, noSchedule);
  return secret;
}

/** Lets a function read the secret, and decrypt it if `kmsKeyArn` names the customer's key that encrypts it. */
export function grantReadSecret(grantee: IGrantable, secret: Secret, kmsKeyArn: string | undefined): void {
  Grant.addToPrincipal({
    grantee,
    actions: ['secretsmanager:GetSecretValue'],
    resourceArns: [secret.secretArn],
  });
  grantKey(secret, grantee, kmsKeyArn, 'secretsmanager');
}
