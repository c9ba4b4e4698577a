import { documentLength } from '../../shared/log/document-codec.ts';
import { sortKeyTimestamp } from '../../shared/store/log-key.ts';
import { floorToSecond } from '../../shared/time.ts';
import type { Cost } from '../http/budget/cost.ts';
import type { FailedQuery } from './failed-query.ts';

/** How much of what fits now is expected to fit when the caller comes back with a shorter window. */
const MARGIN = 0.8;

/**
 * Finds the latest end of a window that is expected to fit: everything before it was read, and its logs take no more than
 * the margin of what can be sent, of what can be held, and of what was collected in time.
 *
 * @param wasLate whether no time was left after collecting
 * @returns a whole second, epoch milliseconds
 */
export function latestFittingEnd(failed: FailedQuery, wasLate: boolean, cost: Cost): number {
  const { query, collection, collectMs, budget } = failed;
  const { from, until } = query.window;
  const timeWithoutCollecting = budget.timeLeft() + collectMs;
  /** What would be left for sending a share of the logs, once it has been collected. */
  const timeToSend = (share: number): number => timeWithoutCollecting - (share * collectMs) / MARGIN;

  const tookAllTime = wasLate || collection.readUntil === undefined;
  const span = (collection.readUntil ?? until) - from;
  // One partition alone may have taken all the time, with few of the logs. Then the share of the logs says too little.
  const readUntil = from + (tookAllTime ? MARGIN : 1) * span;
  // Logs that are not wanted take time as well, and it is not kept where they lie: they are taken to be spread evenly.
  const isFiltered = collection.read > collection.results;
  const totals = { results: 0, documentBytes: 0, encodedBytes: 0 };
  for (const { sortKey, document } of collection.inOrder()) {
    const timestamp = sortKeyTimestamp(sortKey);
    if (timestamp >= readUntil) break;
    totals.results += 1;
    totals.documentBytes += documentLength(document);
    totals.encodedBytes += document.length;
    const share = isFiltered ? (timestamp - from) / span : totals.results / collection.results;
    const fits = budget.fits(totals, cost, { share: MARGIN, timeLeft: timeToSend(share) });
    if (share > MARGIN || !fits) return floorToSecond(timestamp);
  }
  return floorToSecond(readUntil);
}
