import { randomUUID } from 'node:crypto';
import Fifo from 'yocto-queue';
import type { Journal } from './journal.ts';
import { type Message, type ReceivedMessage, sizeOf } from './message.ts';

/** How often, at most, a queue looks for messages that become visible, milliseconds. */
const RESOLUTION = 20;

/**
 * How many messages of a standard queue may be in flight: received, and neither deleted nor visible again.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
 */
export const IN_FLIGHT_LIMIT = 120_000;

/** Times are in milliseconds, sizes in bytes. */
export interface QueueOptions {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityTimeout: number;
  /** From the sending. */
  readonly retention: number;
  /** Before a sent message is first visible. */
  readonly delay: number;
  readonly maximumMessageSize: number;
  readonly inFlightLimit?: number;
  readonly redrive?: { readonly deadLetters: Queue; readonly maxReceiveCount: number };
  readonly journal?: Journal;
}

export interface Queue {
  readonly options: QueueOptions;
  /**
   * Returns when the messages are kept.
   *
   * @param delay milliseconds instead of the queue's
   * @throws MessageTooLong if a message is larger than the queue allows, and whatever the journal throws; none of the
   *   messages is sent then
   */
  send(messages: readonly Message[], delay?: number): Promise<void>;
  /**
   * Takes up to `count` messages, waiting for the first. While too many are in flight it takes none.
   *
   * @param wait milliseconds; 0 is a short poll
   * @param visibilityTimeout milliseconds instead of the queue's
   * @throws OverLimit if a short poll finds too many in flight; a long poll finds nothing, as with SQS
   */
  receive(
    count: number,
    wait: number,
    signal?: AbortSignal,
    visibilityTimeout?: number,
  ): Promise<ReceivedMessage[]>;
  /** Deletes received messages; a handle that is no longer valid changes nothing. */
  delete(receiptHandles: readonly string[]): Promise<void>;
  /** @returns whether the handle is valid */
  changeVisibility(receiptHandle: string, timeout: number): boolean;
  /** How many are visible, received and not yet deleted, and delayed. */
  counts(): { visible: number; inFlight: number; delayed: number };
  close(): Promise<void>;
}

export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong';
}

export class OverLimit extends Error {
  override readonly name = 'OverLimit';
}

interface Entry {
  readonly message: Message;
  receiveCount: number;
  firstReceivedAt: number;
  /** Epoch milliseconds; until then it is hidden. */
  visibleAt: number;
}

const newEntry = (message: Message, visibleAt = 0): Entry => ({
  message,
  visibleAt,
  receiveCount: 0,
  firstReceivedAt: 0,
});

/** @param kept messages from an earlier run, from its journal */
export function queue(options: QueueOptions, kept: readonly Message[] = []): Queue {
  const { journal, redrive, inFlightLimit = IN_FLIGHT_LIMIT } = options;
  const visible = new Fifo<Entry>();
  const inFlight = new Map<string, Entry>();
  const delayed = new Set<Entry>();
  const receivers = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let nextLook = Number.POSITIVE_INFINITY;

  const wakeReceivers = (): void => {
    for (const wake of receivers) wake();
  };
  const show = (entry: Entry): void => {
    visible.enqueue(entry);
    wakeReceivers();
  };
  for (const message of kept) show(newEntry(message));

  /** Schedules a look at the hidden messages for when the first of them is due. */
  const lookAt = (time: number): void => {
    if (time >= nextLook) return;
    nextLook = time;
    clearTimeout(timer);
    timer = setTimeout(reveal, Math.max(RESOLUTION, time - Date.now())).unref();
  };
  const reveal = (): void => {
    nextLook = Number.POSITIVE_INFINITY;
    const now = Date.now();
    let due = Number.POSITIVE_INFINITY;
    for (const entry of delayed) {
      if (entry.visibleAt > now) due = Math.min(due, entry.visibleAt);
      else if (delayed.delete(entry)) show(entry);
    }
    for (const [handle, entry] of inFlight) {
      if (entry.visibleAt > now) due = Math.min(due, entry.visibleAt);
      else if (inFlight.delete(handle)) comeBack(entry);
    }
    lookAt(due);
  };

  const comeBack = (entry: Entry): void => {
    const { message, receiveCount } = entry;
    if (redrive === undefined || receiveCount < redrive.maxReceiveCount) show(entry);
    else {
      redrive.deadLetters.send([{ ...message, deadLetterSource: options.arn }]).then(
        () => journal?.deleted([message.id]),
        () => show(entry),
      );
    }
  };

  const take = (count: number, visibilityTimeout: number): ReceivedMessage[] => {
    const now = Date.now();
    const taken: ReceivedMessage[] = [];
    while (taken.length < count && inFlight.size < inFlightLimit) {
      const entry = visible.dequeue();
      if (entry === undefined) break;
      const { message } = entry;
      if (message.sentAt + options.retention <= now) {
        void journal?.deleted([message.id]);
        continue;
      }
      entry.receiveCount += 1;
      entry.firstReceivedAt ||= now;
      entry.visibleAt = now + visibilityTimeout;
      const receiptHandle = randomUUID();
      inFlight.set(receiptHandle, entry);
      const { receiveCount, firstReceivedAt } = entry;
      taken.push({ ...message, receiptHandle, receiveCount, firstReceivedAt });
    }
    lookAt(now + visibilityTimeout);
    return taken;
  };

  return {
    options,
    async send(messages, delay = options.delay) {
      for (const size of messages.map(sizeOf)) {
        if (size <= options.maximumMessageSize) continue;
        throw new MessageTooLong(`${size} bytes; ${options.name} takes ${options.maximumMessageSize}`);
      }
      await journal?.sent(messages);
      const visibleAt = delay === 0 ? 0 : Date.now() + delay;
      for (const message of messages) {
        const entry = newEntry(message, visibleAt);
        if (delay === 0) show(entry);
        else delayed.add(entry);
      }
      if (delay > 0) lookAt(visibleAt);
    },
    async receive(count, wait, signal, visibilityTimeout = options.visibilityTimeout) {
      if (wait === 0 && inFlight.size >= inFlightLimit) {
        throw new OverLimit(`${options.name} has ${inFlight.size} messages in flight, as many as may be`);
      }
      const deadline = Date.now() + wait;
      while (!signal?.aborted) {
        const taken = take(count, visibilityTimeout);
        const left = deadline - Date.now();
        if (taken.length > 0 || left <= 0) return taken;
        await arrival(receivers, left, signal);
      }
      return [];
    },
    async delete(receiptHandles) {
      const ids = receiptHandles.flatMap((handle) => {
        const entry = inFlight.get(handle);
        inFlight.delete(handle);
        return entry === undefined ? [] : [entry.message.id];
      });
      if (inFlight.size < inFlightLimit && visible.size > 0) wakeReceivers();
      if (ids.length > 0) await journal?.deleted(ids);
    },
    changeVisibility(receiptHandle, timeout) {
      const entry = inFlight.get(receiptHandle);
      if (entry === undefined) return false;
      entry.visibleAt = Date.now() + timeout;
      lookAt(entry.visibleAt);
      return true;
    },
    counts: () => ({ visible: visible.size, inFlight: inFlight.size, delayed: delayed.size }),
    async close() {
      clearTimeout(timer);
      await journal?.close();
    },
  };
}

/** Waits until a message arrives, the time is over or the signal aborts. */
function arrival(receivers: Set<() => void>, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      clearTimeout(timer);
      receivers.delete(wake);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    receivers.add(wake);
    signal?.addEventListener('abort', wake, { once: true });
  });
}
