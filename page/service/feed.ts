import type { Asking } from './ask.ts';
import { ask } from './ask.ts';
import { readLines } from './read-lines.ts';

/** What an answer of the feed has (docs/contract.md#the-feed). */
export interface FeedAnswer {
  readonly lines: readonly string[];
  readonly cursor: string;
  readonly hasMore: boolean;
  /** Since when logs may be missing, RFC 3339. */
  readonly gapSince: string | undefined;
}

/**
 * Asks the feed.
 *
 * @param place the cursor of an earlier answer, or undefined for what is not stored yet
 * @throws ServiceError if the answer is an error or was cut
 */
export async function askFeed(place: string | undefined, { url, key, signal }: Asking): Promise<FeedAnswer> {
  const asked = new URL(url);
  if (place === undefined) asked.searchParams.set('start_time', 'now');
  else asked.searchParams.set('cursor', place);
  const response = await ask({ url: asked, key, signal });
  const lines: string[] = [];
  await readLines(response, { onLine: (line) => lines.push(line) > 0, onBytes: () => {}, signal });
  const { headers } = response;
  return {
    lines,
    cursor: headers.get('Feed-Cursor') ?? place ?? '',
    hasMore: headers.has('Link'),
    gapSince: headers.get('Feed-Gap') === 'true' ? (headers.get('Feed-Gap-Since') ?? '') : undefined,
  };
}

/**
 * Makes a log of the feed one of a window: without its id and the time of storing.
 *
 * @param line the JSON of a log of the feed
 * @returns the JSON of the log in the published format, and when it occurred, epoch milliseconds
 * @throws Error if it is no log
 */
export function withoutStorage(line: string): { readonly line: string; readonly time: number } {
  const log = JSON.parse(line) as { '@timestamp': string; event: Record<string, unknown> };
  const { id: _, created: __, ...event } = log.event;
  return { line: JSON.stringify({ ...log, event }), time: Date.parse(log['@timestamp']) };
}
