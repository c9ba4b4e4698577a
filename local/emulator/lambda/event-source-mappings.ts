import { availableParallelism } from 'node:os';
import type { Log } from '../log.ts';
import type { Queue } from '../sqs/queue.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Place } from '../template/resource-type.ts';
import { startEventSourceMapping } from './event-source-mapping.ts';
import type { RunningFunction } from './functions.ts';
import { eventSourceMappingType } from './resources.ts';

const SECOND = 1000;

/**
 * Starts feeding the functions from their queues. How many batches are under way at once is the template's word, but
 * no more than this machine has processors: a batch keeps one busy, and a process for each of the 50 that AWS would
 * run would only take memory and time to start.
 *
 * @param queues by ARN
 * @throws Error naming a mapping whose queue or function is not in the template
 */
export function startEventSourceMappings(
  deployment: Deployment,
  queues: ReadonlyMap<string, Queue>,
  functions: readonly RunningFunction[],
  { region, accountId }: Place,
  log: Log,
): { close(): Promise<void> }[] {
  return deployment
    .all(eventSourceMappingType)
    .filter(({ properties }) => properties.Enabled)
    .map(({ logicalId, properties }) => {
      const { EventSourceArn, FunctionName, ScalingConfig } = properties;
      const queue = queues.get(EventSourceArn);
      const fn = functions.find(({ name, arn }) => name === FunctionName || arn === FunctionName);
      if (queue === undefined)
        throw new Error(`${logicalId}: the local stack has no source ${EventSourceArn}`);
      if (fn === undefined) throw new Error(`${logicalId}: the local stack has no function ${FunctionName}`);
      return startEventSourceMapping({
        queue,
        region,
        senderId: accountId,
        batchSize: properties.BatchSize,
        window: properties.MaximumBatchingWindowInSeconds * SECOND,
        concurrency: Math.min(ScalingConfig?.MaximumConcurrency ?? Infinity, availableParallelism()),
        reportsFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
        invoke: (payload) => fn.pool.invoke(payload),
        onFailure: (error) => {
          log.warn(`[${fn.name}] a batch failed and will be tried again: ${(error as Error).message}`);
        },
      });
    });
}
