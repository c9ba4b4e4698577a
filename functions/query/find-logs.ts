import type { HttpError } from '../../shared/errors.ts';
import { documentLength } from '../../shared/log/document-codec.ts';
import type { LogQuery } from '../../shared/query/parameters.ts';
import { formatTimeParameter } from '../../shared/query/time-parameter.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import { sortKeyTimestamp } from '../../shared/store/log-key.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import { floorToSecond, SECOND } from '../../shared/time.ts';
import { AS_IT_IS, type Budget, type Cost } from '../http/budget.ts';
import {
  begunTooLate,
  secondTooLarge,
  storeTooSlow,
  windowReadTooSlowly,
  windowTooLarge,
} from './refusals.ts';

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

/** With less than this to read in, milliseconds, it is the time that was short, and not the store that was slow. */
const LITTLE_TIME = 5 * SECOND;

type AskedLogs = Pick<LogQuery, 'window' | 'applications' | 'timeFormat'>;

/**
 * Collects the logs of a query, all of them, or says up to when they could be had (docs/contract.md#reading-logs).
 *
 * @param now the instant the query is answered for, epoch milliseconds
 * @throws HttpError 408 if they cannot be collected and sent within the budget
 */
export function findLogs(store: Pick<LogStore, 'collect'>) {
  return async (query: AskedLogs, now: number, budget: Budget, costs: Costs): Promise<Collection> => {
    const began = budget.timeLeft();
    if (began <= 0) throw begunTooLate(began);
    const signal = AbortSignal.timeout(began);
    const isLate = (): boolean => signal.aborted || budget.timeLeft() <= 0;
    const collect = (window: TimeWindow): Promise<Collection> =>
      store.collect(window, query.applications, now, {
        signal,
        hasRoom: (totals) => !isLate() && budget.holds(totals, costs.least),
      });
    const isWhole = (collection: Collection): boolean => collection.readUntil === undefined;
    const fits = (collection: Collection, cost: Cost, timeLeft?: number): boolean =>
      isWhole(collection) && budget.holds(collection, cost, shareOf(cost), timeLeft);

    const { window, timeFormat } = query;
    const shown = (instant: number): string => formatTimeParameter(instant, timeFormat);
    const collection = await collect(window);
    const collectMs = began - budget.timeLeft();
    if (!isLate() && fits(collection, AS_IT_IS)) return collection;
    const cost = await costs.measure(collection);
    if (!isLate() && fits(collection, cost)) return collection;

    const afterCollecting = budget.timeLeft() + collectMs;
    const timeLeft = (share: number): number => afterCollecting - (share * collectMs) / MARGIN;
    const wasLate = isLate();
    const windowTooMuch = wasLate ? windowReadTooSlowly : windowTooLarge;
    const fitting = fittingUntil({ collection, window, wasLate }, budget, cost, timeLeft);
    const firstSecond = { from: window.from, until: floorToSecond(window.from) + SECOND };
    if (fitting >= firstSecond.until) throw windowTooMuch(shown(fitting));

    const isShorter = firstSecond.until < window.until;
    const firstEnd = shown(firstSecond.until);
    const tooSlow = (): HttpError => {
      if (began < LITTLE_TIME) return begunTooLate(began);
      const alone = isShorter ? [`for that second alone, with end_time=${firstEnd}`] : [];
      const oneApplication = query.applications.length > 1 ? ['for one app_type at a time'] : [];
      return storeTooSlow(shown(window.from), [...alone, ...oneApplication]);
    };
    if (wasLate) {
      const readUntil = collection.readUntil ?? window.until;
      if (isShorter && readUntil >= firstSecond.until) throw windowTooMuch(firstEnd);
      throw isWhole(collection) && !fits(collection, cost, began)
        ? secondTooLarge(shown(window.from))
        : tooSlow();
    }

    // What was read may be some dense milliseconds of one partition and hours of others: see what the second alone is.
    if (!isShorter) throw secondTooLarge(shown(window.from));
    const before = budget.timeLeft();
    const first = await collect(firstSecond);
    if (fits(first, cost, began - (before - budget.timeLeft()))) throw windowTooLarge(firstEnd);
    throw isLate() && !isWhole(first) ? tooSlow() : secondTooLarge(shown(window.from));
  };
}

const shareOf = (cost: Cost): number => (cost === AS_IT_IS ? 1 : ESTIMATE_SHARE);

/**
 * The latest whole second (epoch milliseconds) until which everything was read, and until which the logs take no more
 * than the margin allows of what can be sent, held, and was collected in time.
 *
 * @param read what was collected of a window; `wasLate` if no time is left
 * @param timeLeft milliseconds that are left for sending once a share of the logs has been collected
 */
function fittingUntil(
  read: { collection: Collection; window: TimeWindow; wasLate: boolean },
  budget: Budget,
  cost: Cost,
  timeLeft: (share: number) => number,
): number {
  const { collection, window, wasLate } = read;
  const tookAllTime = wasLate || collection.readUntil === undefined;
  const span = (collection.readUntil ?? window.until) - window.from;
  // One partition alone may have taken all the time, with few of the logs: then their share says too little.
  const readUntil = window.from + (tookAllTime ? MARGIN : 1) * span;
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
