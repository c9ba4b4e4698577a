import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';

/** Times are in seconds, sizes in bytes. Defaults: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-sqs-queue.html */
export const queueType = resourceType({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  properties: z.strictObject({
    DelaySeconds: z._default(z.number(), 0),
    MaximumMessageSize: z._default(z.number(), 1024 * 1024),
    MessageRetentionPeriod: z._default(z.number(), 4 * 24 * 3600),
    RedrivePolicy: z.optional(
      z.strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number() }),
    ),
    VisibilityTimeout: z._default(z.number(), 30),
    ...noLocalEffect('QueueName', 'KmsMasterKeyId', 'SqsManagedSseEnabled', 'Tags'),
  }),
  identify: (name, place) => {
    const url = `${place.awsUrl}/${place.accountId}/${name}`;
    return { ref: url, attributes: { Arn: arn(place, 'sqs', name), QueueName: name, QueueUrl: url } };
  },
});
