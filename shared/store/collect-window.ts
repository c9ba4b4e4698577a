import pMap from 'p-map';
import { decodeDocument, documentLength } from '../log/document-codec.ts';
import type { LogMatcher } from '../query/log-filter.ts';
import type { Order } from '../query/order.ts';
import { compareSortKeys, divideRange, type KeyRange, sortKeyTimestamp } from './log-key.ts';
import { type LogList, logList, type StoredLog } from './log-list.ts';
import { mergeSorted } from './merge-sorted.ts';

/** Collects the logs of many key ranges at a time, within bounds, and puts them in order (docs/architecture.md#collect-then-stream). */

/** As many logs of a range as one query of DynamoDB gives, in the order of their keys. */
export interface LogBatch {
  readonly logs: readonly StoredLog[];
  /** The sort key to go on after; undefined at the end of the range. */
  readonly next: string | undefined;
}

/** Reads the logs of a range that come after a sort key, or its first. */
export type ReadBatch = (
  range: KeyRange,
  after: string | undefined,
  signal: AbortSignal,
) => Promise<LogBatch>;

/** How much has been collected so far. */
export interface Totals {
  readonly results: number;
  /** Of the documents' JSON. */
  readonly documentBytes: number;
  /** Of the encoded documents, as they lie in memory. */
  readonly encodedBytes: number;
}

export interface CollectLimits {
  /** Asked before each further read; once it says no, collecting stops. */
  readonly hasRoom: (totals: Totals) => boolean;
  /** Stops collecting, reads under way included. */
  readonly signal: AbortSignal;
}

export interface Collection extends Totals {
  /** How many logs were read, those included that are not wanted. */
  readonly read: number;
  /**
   * Every log before this instant (epoch milliseconds, exclusive) was read. Undefined if everything was read.
   */
  readonly readUntil: number | undefined;
  /**
   * The logs by time, then by the UTF-8 bytes of their id, then in the order of the ranges they were found in.
   *
   * @param order `desc` for exactly the reverse. Default: `asc`
   */
  inOrder(order?: Order): Iterable<StoredLog>;
}

/** Parts of ranges read at a time. */
export const READS_AT_ONCE = 16;
/** Into how many parts the rest of a range is divided at most, and how many batches each part should have at least. */
const MOST_PARTS = 8;
const LEAST_BATCHES = 2;

/** A part of a range, its logs as far as they were read, and the key of the last of them. */
interface Part {
  readonly range: KeyRange;
  readonly logs: LogList;
  after: string | undefined;
  isWhole: boolean;
}

/**
 * Reads one batch of every range first, so that a window with few logs takes one round trip. A range that has more is
 * divided by time, and its parts are read side by side, the earlier first: if collecting has to stop, few reads were in
 * vain.
 *
 * @param matches which logs are wanted, all of them by default. Others are neither kept nor counted in the totals
 * @throws what `readBatch` throws, unless `limits.signal` was aborted
 */
export async function collect(
  ranges: readonly KeyRange[],
  readBatch: ReadBatch,
  limits: CollectLimits,
  matches?: LogMatcher,
): Promise<Collection> {
  const reader = partReader(readBatch, limits, matches);
  const firsts = ranges.map(partOf);
  await inParallel(firsts, (first) => reader.readPart(first, 1));
  const partsByRange = firsts.map((first) => (first.isWhole ? [first] : divide(first)));
  const rest = partsByRange.flat().filter(isUnread).sort(byProgress);
  await inParallel(rest, (part) => reader.readPart(part));
  const unread = rest.filter(isUnread);
  return {
    ...reader.totals,
    read: reader.read(),
    readUntil: unread.length === 0 ? undefined : Math.min(...unread.map(progress)),
    inOrder: (order = 'asc') => (order === 'asc' ? ascending(partsByRange) : descending(partsByRange)),
  };
}

/** Reads parts, and adds up what they have, until there is no more room, the signal aborts, or a read fails. */
function partReader(
  readBatch: ReadBatch,
  { hasRoom, signal }: CollectLimits,
  matches: LogMatcher | undefined,
) {
  const totals = { results: 0, documentBytes: 0, encodedBytes: 0 };
  let logsRead = 0;
  let hasStopped = false;

  const mayReadOn = (): boolean => {
    hasStopped ||= signal.aborted || !hasRoom(totals);
    return !hasStopped;
  };

  const keep = (part: Part, { logs, next }: LogBatch): void => {
    logsRead += logs.length;
    for (const log of logs) {
      if (matches?.(decodeDocument(log.document)) === false) continue;
      part.logs.add(log);
      totals.results += 1;
      totals.documentBytes += documentLength(log.document);
      totals.encodedBytes += log.document.length;
    }
    if (next === undefined) part.isWhole = true;
    else part.after = next;
  };

  /** Reads a part on, to its end if `batches` is not given. */
  const readPart = async (part: Part, batches = Number.POSITIVE_INFINITY): Promise<void> => {
    for (let i = 0; i < batches && !part.isWhole && mayReadOn(); i++) {
      try {
        keep(part, await readBatch(part.range, part.after, signal));
      } catch (error) {
        hasStopped = true;
        if (!signal.aborted) throw error;
      }
    }
  };

  return { totals: totals as Totals, read: (): number => logsRead, readPart };
}

async function inParallel(parts: readonly Part[], read: (part: Part) => Promise<void>): Promise<void> {
  await pMap(parts, read, { concurrency: READS_AT_ONCE });
}

const partOf = (range: KeyRange): Part => ({ range, logs: logList(), after: undefined, isWhole: false });

const isUnread = ({ isWhole }: Part): boolean => !isWhole;

/** Up to when a part was read, epoch milliseconds. */
const progress = ({ range, after }: Part): number => sortKeyTimestamp(after ?? range.from);
const byProgress = (a: Part, b: Part): number => progress(a) - progress(b);

/**
 * Divides a range whose first batch was read: into the part that goes on from that batch, and later ones. Their number
 * is what the rest takes if its logs are as dense as those of the batch.
 */
function divide(first: Part): Part[] {
  const { range, after } = first;
  if (after === undefined) return [first];
  const read = Math.max(1, progress(first) - sortKeyTimestamp(range.from));
  const batchesLeft = (sortKeyTimestamp(range.until) - progress(first)) / read;
  const count = Math.min(MOST_PARTS, Math.max(1, Math.floor(batchesLeft / LEAST_BATCHES)));
  const [rest, ...later] = divideRange(range, after, count);
  return [{ ...first, range: rest }, ...later.map(partOf)];
}

const ascending = (partsByRange: readonly Part[][]): Iterable<StoredLog> =>
  mergeSorted(
    partsByRange.map((parts) => inSequence(parts.map(({ logs }) => logs))),
    (a, b) => compareSortKeys(a.sortKey, b.sortKey),
  );

/** The reverse: of equal keys, that of the later range comes first. */
const descending = (partsByRange: readonly Part[][]): Iterable<StoredLog> =>
  mergeSorted(
    partsByRange
      .toReversed()
      .map((parts) => inSequence(parts.toReversed().map(({ logs }) => logs.reversed()))),
    (a, b) => compareSortKeys(b.sortKey, a.sortKey),
  );

const inSequence = (lists: readonly Iterable<StoredLog>[]): Iterable<StoredLog> => ({
  *[Symbol.iterator]() {
    for (const logs of lists) yield* logs;
  },
});
