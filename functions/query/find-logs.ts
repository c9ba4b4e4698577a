import { CallerError } from '../../shared/errors.ts';
import { documentLength } from '../../shared/log-codec.ts';
import type { Collection } from '../../shared/log-collection.ts';
import { sortKeyTimestamp } from '../../shared/log-key.ts';
import type { LogQuery } from '../../shared/log-query.ts';
import type { LogStore } from '../../shared/log-store.ts';
import { floorToSecond, formatQueryTime, SECOND, type TimeWindow } from '../../shared/time-window.ts';
import { AS_IT_IS, type Budget, type Cost } from './budget.ts';

/** How much of the budget an answer may take whose cost is estimated. */
const ESTIMATE_SHARE = 0.9;

/** How much of what fits now is taken to fit when the caller comes back with a shorter window. */
const MARGIN = 0.8;

/**
 * What sending a collection costs. While it grows, `least` is what every log costs at the least; once it is whole, or
 * was stopped, it can be measured.
 */
export interface Costs {
  readonly least: Cost;
  measure(collection: Collection): Promise<Cost>;
}

/**
 * Collects the logs of a query, all of them, or says up to when they could be had (contract section 5, 408).
 *
 * @param now the instant the query is answered for, epoch milliseconds
 * @throws CallerError 408 if they cannot be collected and sent within the budget
 */
export function findLogs(store: Pick<LogStore, 'collect'>) {
  return async (query: LogQuery, now: number, budget: Budget, costs: Costs): Promise<Collection> => {
    const signal = AbortSignal.timeout(Math.max(0, budget.timeLeft()));
    const isLate = (): boolean => signal.aborted || budget.timeLeft() <= 0;
    const collect = (window: TimeWindow): Promise<Collection> =>
      store.collect(window, query.applications, now, {
        signal,
        hasRoom: (totals) => budget.holds(totals, costs.least),
      });
    const fits = (collection: Collection, cost: Cost): boolean =>
      collection.readUntil === undefined && !isLate() && budget.holds(collection, cost, shareOf(cost));

    const { window } = query;
    const began = budget.timeLeft();
    const collection = await collect(window);
    const collectMs = began - budget.timeLeft();
    if (fits(collection, AS_IT_IS)) return collection;
    const cost = await costs.measure(collection);
    if (fits(collection, cost)) return collection;
    const uncollected = budget.timeLeft() + collectMs;
    const timeLeft = (share: number): number => uncollected - (share * collectMs) / MARGIN;
    const fitting = fittingUntil(collection, window, budget, cost, timeLeft);
    if (fitting >= window.from + SECOND) throw windowTooLarge(fitting);
    if (isLate()) throw readTooSlow();

    // What was read may be some dense milliseconds of one partition and hours of others: see what the second alone is.
    const firstSecond = { from: window.from, until: window.from + SECOND };
    const isShorter = firstSecond.until < window.until;
    if (isShorter && fits(await collect(firstSecond), cost)) throw windowTooLarge(firstSecond.until);
    throw isLate() ? readTooSlow() : secondTooLarge(window.from);
  };
}

const shareOf = (cost: Cost): number => (cost === AS_IT_IS ? 1 : ESTIMATE_SHARE);

/**
 * The latest whole second (epoch milliseconds) until which everything was read, and until which the logs take no more
 * than the margin allows of what can be sent, held, and was collected in time.
 *
 * @param timeLeft milliseconds that are left for sending once a share of the logs has been collected
 */
function fittingUntil(
  collection: Collection,
  window: TimeWindow,
  budget: Budget,
  cost: Cost,
  timeLeft: (share: number) => number,
): number {
  const readUntil = collection.readUntil ?? window.from + MARGIN * (window.until - window.from);
  const totals = { results: 0, documentBytes: 0, encodedBytes: 0 };
  for (const { sortKey, document } of collection.inOrder()) {
    const timestamp = sortKeyTimestamp(sortKey);
    if (timestamp >= readUntil) break;
    totals.results += 1;
    totals.documentBytes += documentLength(document);
    totals.encodedBytes += document.length;
    const share = totals.results / collection.results;
    const tooMuch = share > MARGIN || !budget.holds(totals, cost, MARGIN, timeLeft(share));
    if (tooMuch) return floorToSecond(timestamp);
  }
  return floorToSecond(readUntil);
}

function windowTooLarge(nextEnd: number): CallerError {
  const next_end_time = formatQueryTime(nextEnd);
  const message = `the window holds more than one answer can carry in time; ask again with end_time=${next_end_time}`;
  return new CallerError(408, 'window_too_large', message, { next_end_time });
}

const secondTooLarge = (from: number): CallerError =>
  new CallerError(
    408,
    'second_too_large',
    `the second that begins at ${formatQueryTime(from)} alone holds more than one answer can carry in time; ` +
      'ask for a compressed answer with Accept-Encoding, or for one app_type at a time',
  );

const readTooSlow = (): CallerError =>
  new CallerError(
    408,
    'read_too_slow',
    'the logs could not be read in time; ask again, or for a shorter window',
  );
