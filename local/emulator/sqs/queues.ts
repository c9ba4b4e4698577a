import { join } from 'node:path';
import type { Log } from '../log.ts';
import type { Deployment } from '../template/deployment.ts';
import { openJournal } from './journal.ts';
import { type Queue, queue } from './queue.ts';
import { queueType } from './resource.ts';

const SECOND = 1000;

/**
 * Opens every queue of a template, a dead-letter queue before the queue that uses it.
 *
 * @param log is told of damage to kept messages
 * @param folder where their messages are kept; in memory without
 * @param inFlightLimit of each queue; as SQS has it without
 * @returns by ARN
 * @throws Error naming a dead-letter queue that is not in the template
 */
export async function openQueues(
  deployment: Deployment,
  log: Log,
  folder?: string,
  inFlightLimit?: number,
): Promise<Map<string, Queue>> {
  const queues = new Map<string, Queue>();
  const resources = new Map(deployment.all(queueType).map((resource) => [resource.arn, resource]));

  const open = async (arn: string): Promise<Queue> => {
    const opened = queues.get(arn);
    if (opened !== undefined) return opened;
    const resource = resources.get(arn);
    if (resource === undefined) throw new Error(`the template has no queue ${arn}`);

    const { name, ref, properties } = resource;
    const { RedrivePolicy: redrive } = properties;
    const kept = folder === undefined ? undefined : await openJournal(join(folder, `${name}.jsonl`), { log });
    const made = queue(
      {
        name,
        arn,
        url: ref,
        visibilityTimeout: properties.VisibilityTimeout * SECOND,
        retention: properties.MessageRetentionPeriod * SECOND,
        delay: properties.DelaySeconds * SECOND,
        receiveWait: properties.ReceiveMessageWaitTimeSeconds * SECOND,
        maximumMessageSize: properties.MaximumMessageSize,
        ...(inFlightLimit !== undefined && { inFlightLimit }),
        ...(redrive && {
          redrive: {
            deadLetters: await open(redrive.deadLetterTargetArn),
            maxReceiveCount: redrive.maxReceiveCount,
          },
        }),
        ...(kept && { journal: kept.journal }),
      },
      kept?.kept,
    );
    queues.set(arn, made);
    return made;
  };

  for (const arn of resources.keys()) await open(arn);
  return queues;
}
