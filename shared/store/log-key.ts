import type { Application } from '../event/bus-events.ts';
import type { TimeWindow } from '../query/time-window.ts';
import { KEY_VERSION, SHARDS, shardOf } from './shards.ts';

/**
 * The key of a log (docs/architecture.md#one-item-one-write-unit). It is made from the event itself, so all copies of an
 * event share one item: `1#player#5` (key version, application, shard) and `001795244400123#event-id` (time, id).
 */

/** As many digits as the year 9999 has in epoch milliseconds, so that texts sort by time. */
const TIMESTAMP_DIGITS = 15;

export interface LogKey {
  readonly partitionKey: string;
  readonly sortKey: string;
}

/** The keys of one partition from `from` (inclusive) until `until` (exclusive; itself never a sort key). */
export interface KeyRange {
  readonly partitionKey: string;
  readonly from: string;
  readonly until: string;
}

/** @param timestamp epoch milliseconds, years 1970 to 9999 */
export const logKey = (application: Application, timestamp: number, id: string): LogKey => ({
  partitionKey: partitionKey(application, shardOf(id)),
  sortKey: `${digits(timestamp)}#${id}`,
});

/**
 * The ranges that together hold every log of a window, one for each partition; none for an empty window. The ranges of
 * the Builder come first, because its logs come first among logs of the same time and id
 * (docs/contract.md#reading-logs).
 */
export function keyRanges(window: TimeWindow, applications: readonly Application[]): KeyRange[] {
  const from = Math.max(0, window.from);
  if (window.until <= from) return [];
  return applications.toSorted().flatMap((application) =>
    SHARDS.map((shard) => ({
      partitionKey: partitionKey(application, shard),
      from: digits(from),
      until: digits(window.until),
    })),
  );
}

/**
 * Divides the rest of a range by time into parts of about equal length.
 *
 * @param after the sort key after which the rest begins
 * @param count how many parts; fewer if there are fewer milliseconds
 * @returns ranges that follow each other without a gap; the first begins where the whole range begins
 */
export function divideRange(range: KeyRange, after: string, count: number): [KeyRange, ...KeyRange[]] {
  const start = sortKeyTimestamp(after);
  const end = sortKeyTimestamp(range.until);
  const step = Math.max(1, Math.ceil((end - start) / count));
  const first: KeyRange = { ...range, until: digits(Math.min(start + step, end)) };
  const rest: KeyRange[] = [];
  for (let from = start + step; from < end; from += step)
    rest.push({ ...range, from: digits(from), until: digits(Math.min(from + step, end)) });
  return [first, ...rest];
}

/** Whether this release knows the version of a partition key of logs. */
export const isKnownPartition = (partitionKey: string): boolean => partitionKey.startsWith(`${KEY_VERSION}#`);

/** The application of the logs with this partition key, for any version of the key. */
export const partitionApplication = (partitionKey: string): string => partitionKey.split('#')[1] ?? '';

/** The `@timestamp` in a sort key, or the instant of a bound of a range; epoch milliseconds. */
export const sortKeyTimestamp = (sortKey: string): number => Number(sortKey.slice(0, TIMESTAMP_DIGITS));

/** The `event.id` in a sort key. */
export const sortKeyId = (sortKey: string): string => sortKey.slice(TIMESTAMP_DIGITS + 1);

/**
 * Compares sort keys by time, then by the UTF-8 bytes of the id: the order of an answer (docs/contract.md#reading-logs),
 * and the order in which DynamoDB keeps the items of a partition.
 *
 * @returns a negative number, zero or a positive number, as `Array.prototype.sort` takes it
 */
export function compareSortKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** Ranks UTF-16 code units by their UTF-8 bytes: surrogates come last, because they encode the highest code points. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const partitionKey = (application: Application, shard: number): string =>
  `${KEY_VERSION}#${application}#${shard}`;

const digits = (timestamp: number): string => String(timestamp).padStart(TIMESTAMP_DIGITS, '0');
