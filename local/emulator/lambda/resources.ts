import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { arn, noLocalEffect, resourceType } from '../template/resource-type.ts';

/**
 * The memory is in MB, the timeout in seconds.
 * Defaults: https://docs.aws.amazon.com/lambda/latest/dg/configuration-function-common.html
 */
export const functionType = resourceType({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  properties: z.strictObject({
    Code: z.strictObject({ S3Key: z.string(), ...noLocalEffect('S3Bucket') }),
    Handler: z.string(),
    Runtime: z.literal('nodejs24.x'),
    MemorySize: z._default(z.number(), 128),
    Timeout: z._default(z.number(), 3),
    Environment: z._default(z.strictObject({ Variables: z.record(z.string(), z.string()) }), {
      Variables: {},
    }),
    ...noLocalEffect(
      'FunctionName',
      'Description',
      'Architectures',
      'LoggingConfig',
      'ReservedConcurrentExecutions',
      'Role',
      'RuntimeManagementConfig',
      'Tags',
      'TracingConfig',
      'VpcConfig',
    ),
  }),
  identify: (name, place) => ({ ref: name, attributes: { Arn: arn(place, 'lambda', `function:${name}`) } }),
});

/** Defaults: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const eventSourceMappingType = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  properties: z.strictObject({
    BatchSize: z._default(z.number(), 10),
    /** Without it, a mapping is enabled when it is made, and a stack update leaves it as it is. */
    Enabled: z.optional(z.boolean()),
    EventSourceArn: z.string(),
    /** A name or an ARN. */
    FunctionName: z.string(),
    FunctionResponseTypes: z._default(z.array(z.literal('ReportBatchItemFailures')), []),
    MaximumBatchingWindowInSeconds: z._default(z.number(), 0),
    ScalingConfig: z.optional(z.strictObject({ MaximumConcurrency: z.number() })),
    ...noLocalEffect('Tags'),
  }),
  identify: (name, place) => {
    const uuid = uuidOf(name);
    const mappingArn = arn(place, 'lambda', `event-source-mapping:${uuid}`);
    return { ref: uuid, attributes: { Id: uuid, Arn: mappingArn, EventSourceMappingArn: mappingArn } };
  },
});

/** The same for a mapping at each start. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}
