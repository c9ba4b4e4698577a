import { crc32 } from 'node:zlib';
import type { Application } from '../event/bus-events.ts';
import type { TimeWindow } from '../query/time-window.ts';

/**
 * The key of a log (docs/architecture.md#one-item-one-write-unit), made from the event itself, so that any number of copies meet in one item:
 * `1#player#5` (key version, application, shard) and `001795244400123#event-id` (time, id).
 */

/** The shard count belongs to the key version: another count is another version. */
const KEY_VERSION = 1;
const SHARDS = 8;

/** Digits of epoch milliseconds in the year 9999, so that the order of the texts is the order of time. */
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
  partitionKey: partitionKey(application, crc32(id) % SHARDS),
  sortKey: `${digits(timestamp)}#${id}`,
});

/**
 * The ranges that together hold every log of the window, one for each partition; none for an empty window. Those of the
 * Builder come first, as its logs do among those of one time and id (docs/contract.md, "Reading logs").
 */
export function keyRanges(window: TimeWindow, applications: readonly Application[]): KeyRange[] {
  const from = Math.max(0, window.from);
  if (window.until <= from) return [];
  return applications.toSorted().flatMap((application) =>
    Array.from({ length: SHARDS }, (_, shard) => ({
      partitionKey: partitionKey(application, shard),
      from: digits(from),
      until: digits(window.until),
    })),
  );
}

/**
 * Divides a range by time, from one of its sort keys on, into parts of about equal length.
 *
 * @param count how many parts; fewer if there are fewer milliseconds
 * @returns ranges that follow each other without a gap; the first begins where the range does
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

/** The application of the logs with this partition key, whatever the version of the key is. */
export const partitionApplication = (partitionKey: string): string => partitionKey.split('#')[1] ?? '';

/** `@timestamp` of the log with this sort key, or the instant of a range's end; epoch milliseconds. */
export const sortKeyTimestamp = (sortKey: string): number => Number(sortKey.slice(0, TIMESTAMP_DIGITS));

/** `event.id` of the log with this sort key. */
export const sortKeyId = (sortKey: string): string => sortKey.slice(TIMESTAMP_DIGITS + 1);

/**
 * The order of an answer: by time, then by the UTF-8 bytes of the id (docs/contract.md#reading-logs), which is also the order
 * in which DynamoDB keeps the items of one partition. Negative, zero or positive, as `Array.prototype.sort` takes it.
 */
export function compareSortKeys(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return utf8Rank(x) - utf8Rank(y);
  }
  return a.length - b.length;
}

/** UTF-16 code units in the order of the UTF-8 bytes they lead to: surrogates stand for the highest code points. */
function utf8Rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}

const partitionKey = (application: Application, shard: number): string =>
  `${KEY_VERSION}#${application}#${shard}`;

const digits = (timestamp: number): string => String(timestamp).padStart(TIMESTAMP_DIGITS, '0');
