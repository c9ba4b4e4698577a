import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SECOND } from '../time.ts';
import { newMessage, type ReceivedMessage } from './message.ts';
import type { Queue } from './queue.ts';

/** How many messages move at once. */
const BATCH = 10;
/** How long a message under way is hidden, milliseconds. */
const VISIBILITY = 30_000;

export type MoveStatus = 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';

export interface MoveOptions {
  readonly source: Queue;
  /** By default each message goes back to the queue that gave it up. */
  readonly destination?: Queue;
  /** Messages a second; as fast as it goes without. */
  readonly rate?: number;
}

/** What is known of the moving of a dead-letter queue's messages. */
export interface MessageMove extends MoveOptions {
  readonly handle: string;
  readonly status: MoveStatus;
  readonly moved: number;
  /** How many there were when it began; those that come later stay. */
  readonly toMove: number;
  readonly failure: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** When it has ended, one way or another. */
  readonly ended: Promise<void>;
  cancel(): void;
}

/**
 * Moves what lies in a dead-letter queue, as SQS does: a moved message is a new message. It begins at once.
 *
 * @param queues by ARN
 */
export function moveMessages(options: MoveOptions, queues: ReadonlyMap<string, Queue>): MessageMove {
  const { source, destination, rate } = options;
  const toMove = source.counts().visible;
  let status: MoveStatus = 'RUNNING';
  let moved = 0;
  let failure: string | undefined;
  const stop = new AbortController();

  const destinationOf = ({ deadLetterSource }: ReceivedMessage): Queue => {
    if (destination !== undefined) return destination;
    // What was sent to the dead-letter queue directly has no queue to go back to.
    if (deadLetterSource === undefined) throw new Error('CouldNotDetermineMessageSource');
    const queue = queues.get(deadLetterSource);
    if (queue === undefined) throw new Error('AWS.SimpleQueueService.NonExistentQueue');
    return queue;
  };

  const moveOne = async (message: ReceivedMessage): Promise<void> => {
    try {
      await destinationOf(message).send([newMessage(message.body, message.attributes)]);
    } catch (error) {
      source.changeVisibility(message.receiptHandle, 0);
      throw error;
    }
    await source.delete([message.receiptHandle]);
    moved += 1;
  };

  const run = async (): Promise<void> => {
    const atOnce = rate === undefined ? BATCH : 1;
    while (moved < toMove && !stop.signal.aborted) {
      const count = Math.min(atOnce, toMove - moved);
      const messages = await source.receive(count, 0, stop.signal, VISIBILITY);
      if (messages.length === 0) return;
      for (const message of messages) await moveOne(message);
      if (rate !== undefined) await setTimeout(SECOND / rate, undefined, { signal: stop.signal });
    }
  };

  const ended = run().then(
    () => {
      status = stop.signal.aborted ? 'CANCELLED' : 'COMPLETED';
    },
    (error: Error) => {
      status = stop.signal.aborted ? 'CANCELLED' : 'FAILED';
      if (status === 'FAILED') failure = error.message;
    },
  );

  return {
    ...options,
    handle: randomUUID(),
    get status() {
      return status;
    },
    get moved() {
      return moved;
    },
    get failure() {
      return failure;
    },
    toMove,
    startedAt: Date.now(),
    ended,
    cancel() {
      if (status === 'RUNNING') status = 'CANCELLING';
      stop.abort();
    },
  };
}
