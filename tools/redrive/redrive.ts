import { setTimeout } from 'node:timers/promises';
import {
  ListMessageMoveTasksCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import type { RedriveOptions } from './options.ts';
import { redrivePlan } from './plan.ts';
import {
  isRunning,
  type MoveTask,
  messages,
  outcomeLine,
  type ProgressDisplay,
  progressLine,
} from './progress.ts';
import { findQueue, sourcesOf } from './queues.ts';

/** How often to look, milliseconds. */
const LOOK = 500;

/**
 * Moves the messages of a dead-letter queue, and waits until that is done.
 *
 * @param options the queues
 * @param progress is shown how far it has come
 * @returns what was done, in words
 * @throws Error if not all was moved
 */
export async function redrive(
  client: SQSClient,
  { queue, to }: Pick<RedriveOptions, 'queue' | 'to'>,
  progress: ProgressDisplay,
): Promise<string> {
  const from = await findQueue(client, queue);
  const destination = to === undefined ? undefined : await findQueue(client, to);
  if (from.messages === 0) return `${from.name} is empty: there is nothing to move`;

  const plan = redrivePlan(from, await sourcesOf(client, from), destination);
  const where = plan.to?.name ?? 'the queues they came from';
  progress.show(`moving ${messages(from.messages)} from ${from.name} to ${where}`);
  progress.end();
  await client.send(
    new StartMessageMoveTaskCommand({
      SourceArn: from.arn,
      ...(plan.to && { DestinationArn: plan.to.arn }),
    }),
  );
  let task = await newestTask(client, from.arn);
  for (; isRunning(task); task = await newestTask(client, from.arn)) {
    progress.show(progressLine(task));
    await setTimeout(LOOK);
  }
  progress.end();
  return outcomeLine(task, where);
}

async function newestTask(client: SQSClient, SourceArn: string): Promise<MoveTask> {
  const { Results = [] } = await client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults: 1 }));
  const [task] = Results;
  return {
    status: task?.Status ?? 'RUNNING',
    moved: task?.ApproximateNumberOfMessagesMoved ?? 0,
    toMove: task?.ApproximateNumberOfMessagesToMove ?? 0,
    failure: task?.FailureReason,
  };
}
