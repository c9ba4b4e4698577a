import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type SlotName, slotText } from '../../shared/feed/feed-table.ts';
import type { ResolveRequest } from '../../shared/feed/resolve-request.ts';
import { SECOND } from '../../shared/time.ts';
import { untilAborted } from '../../shared/until-aborted.ts';

export interface ResolveQueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is told of each request that was not sent, or not in time. */
  readonly onFailure: (error: unknown) => void;
}

/** This process asks for a slot once in this time, whether the request could be sent or not. */
const ASK_AGAIN_MS = 30 * SECOND;
/** How many slots are remembered: far more than a few shards can hold up in this time, one slot each. */
const MOST_REMEMBERED = 100;
/** How long a caller of the feed waits for the queue. */
const SENDING_MS = 1 * SECOND;

/**
 * Asks the ingest function to resolve slots that hold the feed up, through a queue of its own: a message for each slot, of
 * which there is one a shard at most.
 *
 * @returns a function that waits until the queue has the requests, because Lambda stops the process after an answer. It
 *   never rejects, and takes a second at most: the schedule resolves what is not asked for
 */
export function resolveQueue({ client, queueUrl, now, onFailure }: ResolveQueueOptions) {
  /** When each slot was asked for last, the oldest first. */
  const askedAt = new Map<string, number>();

  const isDue = (slot: SlotName): boolean => {
    const name = slotText(slot);
    const asked = askedAt.get(name);
    if (asked !== undefined && now() - asked < ASK_AGAIN_MS) return false;
    askedAt.delete(name);
    askedAt.set(name, now());
    if (askedAt.size > MOST_REMEMBERED) askedAt.delete(askedAt.keys().next().value as string);
    return true;
  };

  const send = async ({ shard, number }: SlotName, signal: AbortSignal): Promise<void> => {
    const request: ResolveRequest = { kind: 'slot', shard, number };
    const command = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(request) });
    try {
      await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    } catch (error) {
      onFailure(error);
    }
  };

  return async (slots: readonly SlotName[]): Promise<void> => {
    const due = slots.filter(isDue);
    if (due.length === 0) return;
    const signal = AbortSignal.timeout(SENDING_MS);
    await Promise.all(due.map((slot) => send(slot, signal)));
  };
}
