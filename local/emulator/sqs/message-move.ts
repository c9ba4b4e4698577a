import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SECOND } from '../time.ts';
import { newMessage, type ReceivedMessage } from './message.ts';
import type { Queue } from './queue.ts';

/** How many messages move at once. */
const BATCH = 10;
/** How long a message is hidden while it moves, milliseconds. */
const VISIBILITY = 30_000;

export interface MoveOptions {
  readonly source: Queue;
  /** By default each message goes back to the queue that gave it up. */
  readonly destination?: Queue;
  /** Messages a second; without it, as fast as possible. */
  readonly rate?: number;
}

/** The state of a task that moves a dead-letter queue's messages. */
export interface MessageMove extends MoveOptions {
  readonly handle: string;
  readonly status: 'RUNNING' | 'COMPLETED' | 'FAILED';
  readonly moved: number;
  /** How many there were at the start; those that come later stay. */
  readonly toMove: number;
  readonly failure: string | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Breaks it off, and waits until it has ended. */
  close(): Promise<void>;
}

/**
 * Moves the messages of a dead-letter queue, as SQS does: a moved message is a new message. It begins at once.
 *
 * @param queues by ARN
 */
export function moveMessages(options: MoveOptions, queues: ReadonlyMap<string, Queue>): MessageMove {
  const { source, destination, rate } = options;
  const stop = new AbortController();
  const move = {
    ...options,
    handle: randomUUID(),
    status: 'RUNNING' as MessageMove['status'],
    moved: 0,
    toMove: source.counts().visible,
    failure: undefined as string | undefined,
    startedAt: Date.now(),
    async close() {
      stop.abort();
      await ended;
    },
  };

  const destinationOf = ({ deadLetterSource }: ReceivedMessage): Queue => {
    if (destination !== undefined) return destination;
    // A message that was sent to the dead-letter queue directly has no queue to go back to.
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
    move.moved += 1;
  };
  const run = async (): Promise<void> => {
    const atOnce = rate === undefined ? BATCH : 1;
    while (move.moved < move.toMove && !stop.signal.aborted) {
      const count = Math.min(atOnce, move.toMove - move.moved);
      const messages = await source.receive(count, 0, stop.signal, VISIBILITY);
      if (messages.length === 0) return;
      for (const message of messages) await moveOne(message);
      if (rate !== undefined) await setTimeout(SECOND / rate, undefined, { signal: stop.signal });
    }
  };
  const ended = run().then(
    () => {
      move.status = 'COMPLETED';
    },
    ({ message }: Error) => {
      move.status = 'FAILED';
      move.failure = message;
    },
  );
  return move;
}
