import { CfnResource, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct, IConstruct } from 'constructs';
import type { AccountSettings } from '../shared/settings/account.ts';
import { sendTraces } from './tracing.ts';

/**
 * Applies what the rules of an account ask of every resource of a kind. Call it last, after all resources are made: so none
 * is forgotten.
 */
export function applyAccountSettings(
  scope: Construct,
  { tags, removal, logRetentionDays, kmsKeyArn, tracing }: AccountSettings,
): void {
  if (tracing) sendTraces(scope);
  for (const [name, value] of Object.entries(tags)) Tags.of(scope).add(name, value);
  for (const construct of scope.node.findAll()) {
    if (construct instanceof CfnLogGroup) {
      construct.retentionInDays = logRetentionDays;
      if (kmsKeyArn !== undefined) construct.kmsKeyId = kmsKeyArn;
    }
    if (removal === 'delete' && holdsData(construct)) deleteWithStack(construct);
  }
}

/** Whether deleting the resource deletes what exists nowhere else. */
const holdsData = (construct: IConstruct): construct is CfnResource =>
  CfnResource.isCfnResource(construct) &&
  [CfnTable, CfnQueue, CfnSecret, CfnLogGroup].some((type) => construct instanceof type);

function deleteWithStack(resource: CfnResource): void {
  resource.applyRemovalPolicy(RemovalPolicy.DESTROY);
  if (resource instanceof CfnTable) resource.deletionProtectionEnabled = false;
}
