import { type Asking, ask } from './ask.ts';
import type { Range } from './load-range.ts';
import { readLines } from './read-lines.ts';

/** The most deliveries that the page asks for. */
const MOST = 1000;

/** A log that the custom service did not get (docs/contract.md#deliveries). */
export interface Undelivered {
  readonly id: string;
  readonly state: string;
  readonly '@timestamp': string;
  readonly action?: string;
  readonly rid?: string;
  readonly attempts?: number;
  readonly status?: number;
  readonly reason?: string;
  readonly next_attempt_at?: string;
}

/**
 * Asks which logs of a range were not delivered.
 *
 * @returns the first of them, and whether there are more
 * @throws ServiceError if the answer is an error: `no_custom_service` if no custom service gets each log
 */
export async function readUndelivered({ url, key, signal }: Asking, { from, until }: Range) {
  const asked = new URL(url);
  asked.searchParams.set('state', 'undelivered');
  asked.searchParams.set('start_time', new Date(from).toISOString());
  asked.searchParams.set('end_time', new Date(until).toISOString());
  asked.searchParams.set('limit', String(MOST));
  const response = await ask({ url: asked, key, signal });
  const deliveries: Undelivered[] = [];
  await readLines(response, {
    onLine: (line) => deliveries.push(JSON.parse(line)) > 0,
    onBytes: () => {},
    signal,
  });
  return { deliveries, hasMore: response.headers.has('Next-Cursor') };
}

/** How many deliveries have the same state and the same reason. */
export interface ReasonCount {
  readonly state: string;
  readonly reason: string;
  readonly count: number;
}

/** @returns the reasons, the most frequent first */
export function countReasons(deliveries: readonly Undelivered[]): ReasonCount[] {
  const groups = Map.groupBy(deliveries, ({ state, reason, status }) =>
    JSON.stringify([state, reason ?? (status === undefined ? 'not known' : `status ${status}`)]),
  );
  return [...groups]
    .map(([group, having]): ReasonCount => {
      const [state, reason] = JSON.parse(group) as [string, string];
      return { state, reason, count: having.length };
    })
    .sort((a, b) => b.count - a.count);
}
