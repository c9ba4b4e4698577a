import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';

export const tableType = resourceType({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  properties: z.strictObject({
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) })),
    BillingMode: z.literal('PAY_PER_REQUEST'),
    TimeToLiveSpecification: z.optional(z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() })),
    ...noLocalEffect(
      'TableName',
      'DeletionProtectionEnabled',
      'OnDemandThroughput',
      'SSESpecification',
      'Tags',
      'WarmThroughput',
    ),
  }),
  identify: (name, place) => ({ ref: name, attributes: { Arn: arn(place, 'dynamodb', `table/${name}`) } }),
});
