import { endOfFeed, lookInFeed, lookInWindow } from './look-for-log.ts';
import type { MarkedEvent } from './marked-event.ts';
import { waitUntil } from './wait-until.ts';

/** The two ways of reading a log. */
export type Way = 'window' | 'feed';

export interface RoundTripOptions {
  /** The address of get-security-logs. */
  readonly apiUrl: string;
  /** Undefined: the feed is not looked at. */
  readonly feedUrl: string | undefined;
  readonly key: string;
  /** Makes the event, at the moment of its publishing. */
  readonly event: () => MarkedEvent;
  /** @throws Error if the bus does not take it */
  readonly publish: (event: MarkedEvent) => Promise<void>;
  /** How long the log may take from its publishing to either way of reading it, milliseconds. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Runs a step. It throws what the step throws, in its own words. */
  readonly run: <T>(name: string, step: () => Promise<T>) => Promise<T>;
  /** Is told how long after the beginning of its publishing the log could be read, milliseconds. */
  readonly onReadable?: (way: Way, afterMs: number) => void;
}

const LOST =
  'the log is not there in time; see whether the settings choose the action, and the queues of the stack';

/**
 * Publishes one event, and reads its log through the window and through the feed. Both ways are tried to their end, also if
 * the other one fails.
 *
 * @throws Error of the first step that failed
 */
export async function roundTrip(options: RoundTripOptions): Promise<void> {
  const { apiUrl, feedUrl, key, timeoutMs, now, run, onReadable } = options;
  const cursor = feedUrl && (await run('the end of the feed is read', () => endOfFeed(feedUrl, key)));

  const event = options.event();
  const publishedAt = now();
  await run(`the event ${event.label.rid} is published`, () => options.publish(event));
  const wait = (way: Way, look: () => Promise<boolean>): Promise<void> =>
    run(`the ${way} has the log`, async () => {
      await waitUntil(look, { timeoutMs, now, hint: LOST });
      onReadable?.(way, now() - publishedAt);
    });
  const inWindow = wait('window', () => lookInWindow(apiUrl, key, event));
  const inFeed = feedUrl && cursor ? wait('feed', follow(feedUrl, key, event, cursor)) : undefined;
  const failed = (await Promise.allSettled([inWindow, inFeed])).find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw (failed as PromiseRejectedResult).reason;
}

/** Follows the feed, an answer a look. */
function follow(feedUrl: string, key: string, event: MarkedEvent, start: string): () => Promise<boolean> {
  let cursor = start;
  return async () => {
    const answer = await lookInFeed(feedUrl, key, event, cursor);
    cursor = answer.cursor;
    return answer.isThere;
  };
}
