/** What AWS documents, and what is assumed where it documents nothing (docs/scaling.md#the-model). */

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
export const PARTITION_WRITES = 1000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html */
export const NEW_TABLE_WRITES = 4000;
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html */
export const TABLE_WRITES = 40_000;

/** Of the largest regions: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const BUS_INVOCATIONS = 18_750;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html */
export const IN_FLIGHT = 120_000;

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
export const FIRST_INVOCATIONS = 5;
export const MORE_INVOCATIONS_A_MINUTE = 300;

/** Of the ingest queue and function (infra/ingest.ts, infra/queues.ts, functions/ingest/deadlines.ts); seconds. */
export const INGEST = { batch: 100, window: 1, deadline: 6, visibility: 60, memory: 1024 };

/** Assumed. A request to DynamoDB and back, and Lambda's time between two invocations, seconds. */
export const ROUND_TRIP = 0.006;
export const BETWEEN_INVOCATIONS = 0.02;

/**
 * An on-demand table takes twice its peak, within 30 minutes:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
 */
export const GROWTH = { factor: 2, seconds: 30 * 60 };

/**
 * Assumed. A partition that is used so much for so long is split: AWS says only that it splits near the limit.
 * https://aws.amazon.com/blogs/database/part-3-scaling-dynamodb-how-partitions-hot-keys-and-split-for-heat-impact-performance/
 */
export const SPLIT = { share: 0.8, least: 5 * 60, most: 15 * 60 };
