import * as z from 'zod/mini';
import { operation } from '../http/aws-service.ts';
import { type MessageMove, moveMessages } from './message-move.ts';
import type { Queue } from './queue.ts';
import { sqsError } from './shapes.ts';

/**
 * Moving messages out of a dead-letter queue.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */

const startSchema = z.object({
  SourceArn: z.string(),
  DestinationArn: z.optional(z.string()),
  MaxNumberOfMessagesPerSecond: z.optional(z.int().check(z.gte(1), z.lte(500))),
});

const listSchema = z.object({
  SourceArn: z.string(),
  MaxResults: z._default(z.int().check(z.gte(1), z.lte(10)), 1),
});

export type MessageMoveOperations = ReturnType<typeof messageMoveOperations>;

export function messageMoveOperations(queues: readonly Queue[]) {
  const byArn = new Map(queues.map((queue) => [queue.options.arn, queue]));
  const moves: MessageMove[] = [];
  const find = (arn: string, parameter: string): Queue => {
    const queue = byArn.get(arn);
    if (queue !== undefined) return queue;
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw sqsError('ResourceNotFoundException', message, 404);
  };

  const start = operation(
    startSchema,
    ({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: rate }) => {
      const source = find(SourceArn, 'SourceArn');
      if (sourcesOf(source, queues).length === 0) {
        throw sqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
      }
      if (DestinationArn === SourceArn) {
        throw sqsError(
          'InvalidParameterValue',
          'Source queue arn and destination queue arn cannot be the same.',
        );
      }
      if (moves.some((move) => move.source === source && move.status === 'RUNNING')) {
        const message =
          'There is already a task running. Only one active task is allowed for a source queue arn.';
        throw sqsError('UnsupportedOperation', message);
      }
      const destination = DestinationArn === undefined ? undefined : find(DestinationArn, 'DestinationArn');
      const move = moveMessages({ source, destination, rate }, byArn);
      moves.unshift(move);
      return { TaskHandle: move.handle };
    },
  );

  const list = operation(listSchema, ({ SourceArn, MaxResults }) => {
    const source = find(SourceArn, 'SourceArn');
    const own = moves.filter((move) => move.source === source);
    return { Results: own.slice(0, MaxResults).map(shown) };
  });

  return {
    operations: { StartMessageMoveTask: start, ListMessageMoveTasks: list },
    /** Breaks off what is running, and waits for it. */
    async close(): Promise<void> {
      await Promise.all(moves.map((move) => move.close()));
    },
  };
}

/** The queues that give up messages to a dead-letter queue. */
export const sourcesOf = ({ options: { arn } }: Queue, queues: readonly Queue[]): Queue[] =>
  queues.filter(({ options }) => options.redrive?.deadLetters.options.arn === arn);

const shown = (move: MessageMove): object => ({
  TaskHandle: move.status === 'RUNNING' ? move.handle : undefined,
  Status: move.status,
  SourceArn: move.source.options.arn,
  DestinationArn: move.destination?.options.arn,
  MaxNumberOfMessagesPerSecond: move.rate,
  ApproximateNumberOfMessagesMoved: move.moved,
  ApproximateNumberOfMessagesToMove: move.toMove,
  FailureReason: move.failure,
  StartedTimestamp: move.startedAt,
});
