import { Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/** What whoever reads encrypted data needs. */
const READ = ['kms:Decrypt', 'kms:DescribeKey'];
/**
 * What whoever writes it needs as well, by the exact names behind the wildcards of the page.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
const WRITE = [
  ...READ,
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/**
 * Lets a function use the customer's key, through one service and for nothing else. The key's policy must let the account
 * decide with its own policies, as the policies do that KMS makes.
 *
 * @param keyArn if undefined, nothing is granted: AWS's own key is used
 */
export function grantKey(
  scope: IConstruct,
  grantee: IGrantable,
  keyArn: string | undefined,
  service: 'dynamodb' | 'secretsmanager',
  use: 'read' | 'write' = 'read',
): void {
  if (keyArn === undefined) return;
  const { region, urlSuffix } = Stack.of(scope);
  Grant.addToPrincipal({
    grantee,
    actions: use === 'read' ? READ : WRITE,
    resourceArns: [keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${urlSuffix}` } },
  });
}
