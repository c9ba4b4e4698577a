import pMap from 'p-map';
import { documentLength } from '../log/document-codec.ts';
import { compareSortKeys, divideRange, type KeyRange, sortKeyTimestamp } from './log-key.ts';
import { type LogList, logList, type StoredLog } from './log-list.ts';
import { mergeSorted } from './merge-sorted.ts';

/** Collects the logs of many key ranges at a time, within bounds, and puts them in order (docs/architecture.md#collect-then-stream). */

/** Some logs of a range in the order of their keys; `next` is the sort key to go on after, absent at the end. */
export interface RangePage {
  readonly logs: readonly StoredLog[];
  readonly next: string | undefined;
}

/** Reads the logs of a range that come after a sort key, or its first. */
export type ReadPage = (
  range: KeyRange,
  after: string | undefined,
  signal: AbortSignal,
) => Promise<RangePage>;

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
  /**
   * Every log before this instant (epoch milliseconds, exclusive) was read. Undefined if everything was read.
   */
  readonly readUntil: number | undefined;
  /** The logs by time, then by the UTF-8 bytes of their id, then in the order of the ranges they were found in. */
  inOrder(): Iterable<StoredLog>;
}

/** Parts of ranges read at a time. */
export const READS_AT_ONCE = 16;
/** Into how many parts the rest of a range is divided at most, and how many pages each should have at the least. */
const MOST_PARTS = 8;
const LEAST_PAGES = 2;

/** A part of a range: its logs as far as they were read, and the key of the last of them. */
interface Part {
  readonly range: KeyRange;
  readonly logs: LogList;
  after: string | undefined;
}

/**
 * Reads one page of every range first, so that a window with few logs takes one round trip. What has more is divided
 * by time, and its parts are read side by side, the earlier first: where collecting has to stop, little was read in vain.
 *
 * @throws what `readPage` throws, unless `limits.signal` was aborted
 */
export async function collect(
  ranges: readonly KeyRange[],
  readPage: ReadPage,
  { hasRoom, signal }: CollectLimits,
): Promise<Collection> {
  const totals = { results: 0, documentBytes: 0, encodedBytes: 0 };
  let stopped = false;

  const readOn = async (part: Part, pages: number): Promise<'whole' | 'more'> => {
    for (let i = 0; i < pages; i++) {
      stopped ||= signal.aborted || !hasRoom(totals);
      const page = stopped
        ? undefined
        : await readPage(part.range, part.after, signal).catch(onlyIfNotAborted);
      if (page === undefined) return 'more';
      for (const log of page.logs) {
        part.logs.add(log);
        totals.results += 1;
        totals.documentBytes += documentLength(log.document);
        totals.encodedBytes += log.document.length;
      }
      if (page.next === undefined) return 'whole';
      part.after = page.next;
    }
    return 'more';
  };

  const onlyIfNotAborted = (error: unknown): undefined => {
    stopped = true;
    if (!signal.aborted) throw error;
  };

  /** @returns the parts that have more */
  const readAll = async (parts: readonly Part[], pages: number): Promise<Part[]> => {
    const ends = await pMap(parts, (part) => readOn(part, pages), {
      concurrency: READS_AT_ONCE,
    });
    return parts.filter((_, i) => ends[i] === 'more');
  };

  const firsts = ranges.map(partOf);
  const rests = (await readAll(firsts, 1)).map(divide);
  const unread = await readAll(rests.flat().sort(byProgress), Number.POSITIVE_INFINITY);
  const sequences = firsts.map((first) => {
    const rest = rests.find(([continued]) => continued?.logs === first.logs) ?? [first];
    return inSequence(rest);
  });
  return {
    ...totals,
    readUntil: unread.length === 0 ? undefined : Math.min(...unread.map(progress)),
    inOrder: () => mergeSorted(sequences, (a, b) => compareSortKeys(a.sortKey, b.sortKey)),
  };
}

const partOf = (range: KeyRange): Part => ({ range, logs: logList(), after: undefined });

/** Up to when a part was read, epoch milliseconds. */
const progress = ({ range, after }: Part): number => sortKeyTimestamp(after ?? range.from);
const byProgress = (a: Part, b: Part): number => progress(a) - progress(b);

/** Divides what is left of a range whose first page was read, as many pages as it is if it goes on like that. */
function divide(first: Part): Part[] {
  const { range, after, logs } = first;
  if (after === undefined) return [first];
  const read = Math.max(1, progress(first) - sortKeyTimestamp(range.from));
  const pagesLeft = (sortKeyTimestamp(range.until) - progress(first)) / read;
  const count = Math.min(MOST_PARTS, Math.max(1, Math.floor(pagesLeft / LEAST_PAGES)));
  const [rest, ...later] = divideRange(range, after, count);
  return [{ range: rest, logs, after }, ...later.map(partOf)];
}

const inSequence = (parts: readonly Part[]): Iterable<StoredLog> => ({
  *[Symbol.iterator]() {
    for (const { logs } of parts) yield* logs;
  },
});
