import { Duration } from 'aws-cdk-lib';
import type { Delivery } from '../shared/settings/schema.ts';

/** Of new logs, and of logs that failed. */
const QUEUES = 2;
/** Lambda's least `MaximumConcurrency`: https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html */
const LEAST_PROCESSES = 2;
/** How many batches of one queue are delivered at the same time, whatever the settings allow. */
export const MOST_PROCESSES = 50;
/** SQS gives as many at once without a batching window. */
const LARGEST_BATCH = 10;

/** How long a log may wait in its function for its turn, if the service has a rate. */
export const LONGEST_TURN = Duration.seconds(10);

/** How each of the two queues feeds the deliver function. */
export interface Throughput {
  /** How many batches of one queue are delivered at the same time. */
  readonly maxConcurrency: number;
  readonly batchSize: number;
}

/**
 * Divides what the settings allow among the queues. The function delivers the logs of a batch at the same time, so at
 * most two queues times `maxConcurrency` times `batchSize` are. With a rate there are no more of them than have their
 * turn within `LONGEST_TURN`; so none waits longer for it, and neither queue waits for the other.
 */
export function throughputOf({
  concurrency,
  requestsPerSecond,
}: Pick<Delivery, 'concurrency' | 'requestsPerSecond'>): Throughput {
  const least = QUEUES * LEAST_PROCESSES;
  const withTurn =
    requestsPerSecond === undefined ? concurrency : requestsPerSecond * LONGEST_TURN.toSeconds();
  const atOnce = Math.max(least, Math.min(concurrency, withTurn));
  const batchSize = Math.min(LARGEST_BATCH, Math.floor(atOnce / least));
  return {
    batchSize,
    maxConcurrency: Math.min(MOST_PROCESSES, Math.floor(atOnce / (QUEUES * batchSize))),
  };
}
