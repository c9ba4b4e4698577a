import pMap from 'p-map';
import { documentLength } from './log-codec.ts';
import { compareSortKeys, type KeyRange, sortKeyTimestamp } from './log-key.ts';
import { type KeptLog, type LogList, logList } from './log-list.ts';
import { mergeSorted } from './merge.ts';

/** Collects the logs of many key ranges at a time, within bounds, and puts them in order (design section 3). */

/** Some logs of a range in the order of their keys; `next` is the sort key to go on after, absent at the end. */
export interface RangePage {
  readonly logs: readonly KeptLog[];
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
   * Every log before this instant (epoch milliseconds, exclusive) was read. Undefined if everything was read;
   * -Infinity if there is no such instant.
   */
  readonly readUntil: number | undefined;
  /** The logs by time, then by the UTF-8 bytes of their id (contract section 5). */
  inOrder(): Iterable<KeptLog>;
}

/** Ranges read at a time. */
const PARALLEL_RANGES = 16;

/** @throws what `readPage` throws, unless `limits.signal` was aborted */
export async function collect(
  ranges: readonly KeyRange[],
  readPage: ReadPage,
  { hasRoom, signal }: CollectLimits,
): Promise<Collection> {
  const totals = { results: 0, documentBytes: 0, encodedBytes: 0 };
  const lists: LogList[] = [];
  let readUntil = Number.POSITIVE_INFINITY;
  let stopped = false;

  const readRange = async (range: KeyRange): Promise<void> => {
    const list = logList();
    lists.push(list);
    let after: string | undefined;
    do {
      stopped ||= signal.aborted || !hasRoom(totals);
      const page = stopped ? undefined : await readPage(range, after, signal).catch(onlyIfNotAborted);
      if (page === undefined) {
        readUntil = Math.min(
          readUntil,
          after === undefined ? Number.NEGATIVE_INFINITY : sortKeyTimestamp(after),
        );
        return;
      }
      for (const log of page.logs) {
        list.add(log);
        totals.results += 1;
        totals.documentBytes += documentLength(log.document);
        totals.encodedBytes += log.document.length;
      }
      after = page.next;
    } while (after !== undefined);
  };

  const onlyIfNotAborted = (error: unknown): undefined => {
    stopped = true;
    if (!signal.aborted) throw error;
  };

  await pMap(ranges, readRange, { concurrency: PARALLEL_RANGES });
  return {
    ...totals,
    readUntil: readUntil === Number.POSITIVE_INFINITY ? undefined : readUntil,
    inOrder: () => mergeSorted(lists, (a, b) => compareSortKeys(a.sortKey, b.sortKey)),
  };
}
