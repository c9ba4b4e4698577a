import { join } from 'node:path';
import type { RunningService, Service, ServiceContext } from '../service.ts';
import { SECOND } from '../time.ts';
import { sqs } from './endpoint.ts';
import { openJournal } from './journal.ts';
import { messageMoveOperations } from './message-move-operations.ts';
import { type Queue, queue } from './queue.ts';
import { queueType } from './resource.ts';

export interface RunningSqs extends RunningService {
  /** The queues of the template, by ARN and by name. */
  readonly queues: ReadonlyMap<string, Queue>;
  readonly queuesByName: ReadonlyMap<string, Queue>;
}

export const sqsService: Service<RunningSqs> = {
  resourceTypes: [queueType],
  async start(context) {
    const { place, started } = context;
    const queues = await openQueues(context);
    const all = [...queues.values()];
    const queuesByName = new Map(all.map((queue) => [queue.options.name, queue]));
    const moves = messageMoveOperations(all);
    await started.add(moves.close);
    return { endpoint: sqs(queuesByName, place.accountId, moves), queues, queuesByName };
  },
};

/**
 * Opens every queue of the template, a dead-letter queue before the queue that uses it.
 *
 * @returns the queues by ARN
 * @throws Error naming a dead-letter queue that is not in the template
 */
async function openQueues({
  deployment,
  options: { inFlightLimit },
  dataPath,
  started,
}: ServiceContext): Promise<Map<string, Queue>> {
  const folder = dataPath('queues');
  const queues = new Map<string, Queue>();
  const resources = new Map(deployment.all(queueType).map((resource) => [resource.arn, resource]));

  const open = async (arn: string): Promise<Queue> => {
    const opened = queues.get(arn);
    if (opened !== undefined) return opened;
    const resource = resources.get(arn);
    if (resource === undefined) throw new Error(`the template has no queue ${arn}`);

    const { name, ref, properties } = resource;
    const { RedrivePolicy: redrive } = properties;
    const kept = folder === undefined ? undefined : await openJournal(join(folder, `${name}.sqlite`));
    const made = queue(
      {
        name,
        arn,
        url: ref,
        visibilityTimeout: properties.VisibilityTimeout * SECOND,
        retention: properties.MessageRetentionPeriod * SECOND,
        delay: properties.DelaySeconds * SECOND,
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
    await started.add(made.close);
    queues.set(arn, made);
    return made;
  };

  for (const arn of resources.keys()) await open(arn);
  return queues;
}
