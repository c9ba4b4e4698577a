import { Stack } from 'aws-cdk-lib';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { FileStore } from '../shared/settings/file-store.ts';
import { acknowledge } from './nag.ts';

/** Lets a function put objects below the prefix of the settings, with the key of the settings. */
export function grantFiles(role: IRole, { bucket, prefix, kmsKeyArn }: FileStore): void {
  const allow = (actions: string[], resources: string[]): unknown =>
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  const files = `${bucket}/${prefix}*`;
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html names both
  if (kmsKeyArn !== undefined) allow(['kms:GenerateDataKey', 'kms:Decrypt'], [kmsKeyArn]);
  allow(['s3:PutObject'], [`arn:${Stack.of(role).partition}:s3:::${files}`]);
  acknowledge(role, {
    [`AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::${files}]`]:
      'The files get their names from their logs, below the one prefix of the settings.',
  });
}
