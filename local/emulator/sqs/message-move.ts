import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { SECOND } from '../time.ts';
import { newMessage, type ReceivedMessage } from './message.ts';
import type { Queue } from './queue.ts';

/** How long a message is hidden while it moves, milliseconds. */
const VISIBILITY = 30_000;

interface MoveOptions {
  readonly source: Queue;
  /** By default each message goes back to the queue that gave it up. */
  readonly destination: Queue | undefined;
  /** Messages a second; without it, as fast as possible. */
  readonly rate: number | undefined;
}

export type MessageMove = ReturnType<typeof moveMessages>;

/**
 * Moves the messages of a dead-letter queue, as SQS does: a moved message is a new message. It begins at once.
 */
export function moveMessages(options: MoveOptions, queues: ReadonlyMap<string, Queue>) {
  const { source, destination, rate } = options;
  const stop = new AbortController();
  const move = {
    ...options,
    handle: randomUUID(),
    status: 'RUNNING' as 'RUNNING' | 'COMPLETED' | 'FAILED',
    moved: 0,
    /** How many there were at the start; those that come later stay. */
    toMove: source.counts().visible,
    failure: undefined as string | undefined,
    startedAt: Date.now(),
    /** Breaks it off, and waits until it has ended. */
    async close() {
      stop.abort();
      await ended;
    },
  };

  const moveOne = async ({ body, attributes, receiptHandle, deadLetterSource = '' }: ReceivedMessage) => {
    try {
      const queue = destination ?? queues.get(deadLetterSource);
      // A message that was sent to the dead-letter queue directly has no queue to go back to.
      if (queue === undefined) throw new Error('CouldNotDetermineMessageSource');
      await queue.send([newMessage(body, attributes)]);
    } catch (error) {
      source.changeVisibility(receiptHandle, 0);
      throw error;
    }
    await source.delete([receiptHandle]);
    move.moved += 1;
  };
  const run = async (): Promise<void> => {
    try {
      while (move.moved < move.toMove && !stop.signal.aborted) {
        const [message] = await source.receive(1, 0, stop.signal, VISIBILITY);
        if (message === undefined) break;
        await moveOne(message);
        if (rate !== undefined) await setTimeout(SECOND / rate, undefined, { signal: stop.signal });
      }
      move.status = 'COMPLETED';
    } catch (error) {
      move.status = 'FAILED';
      move.failure = (error as Error).message;
    }
  };
  const ended = run();
  return move;
}
