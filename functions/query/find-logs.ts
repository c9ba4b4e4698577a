import type { HttpError } from '../../shared/http-errors.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import type { Budget } from '../http/budget/budget.ts';
import type { Cost } from '../http/budget/cost.ts';
import { chooseRequestTimeout } from './choose-request-timeout.ts';
import { isWhole, type WantedLogs } from './failed-query.ts';
import { startedTooLate } from './request-timeout-errors.ts';

/** The logs that were collected for a query: all of them, or as many as there was room and time for. */
export interface FoundLogs {
  readonly collection: Collection;
  /** Whether these are all logs of the query, and they can be sent within the budget at this cost. */
  fit(cost: Cost): boolean;
  /** The 408 to answer with if they do not fit. It may read the first second again, to tell how much that is. */
  requestTimeout(cost: Cost): Promise<HttpError>;
}

/** Collects the logs of a query, as many as fit at the least cost (docs/contract.md#reading-logs). */
export function findLogs(store: Pick<LogStore, 'collect'>) {
  /**
   * @param now the instant the query is answered for, epoch milliseconds
   * @param least what every log costs at the least: collecting stops where not even that fits
   * @param withCreatedAt whether it is needed when a log was stored
   * @throws HttpError 408 if there is no time left to read in
   * @throws what the store throws, unless the time is up
   */
  return async (
    query: WantedLogs,
    now: number,
    budget: Budget,
    least: Cost,
    withCreatedAt = false,
  ): Promise<FoundLogs> => {
    const timeAtStart = budget.timeLeft();
    if (timeAtStart <= 0) throw startedTooLate(timeAtStart);
    const signal = AbortSignal.timeout(timeAtStart);
    const isLate = (): boolean => signal.aborted || budget.timeLeft() <= 0;
    const collect = (window: TimeWindow): Promise<Collection> =>
      store.collect(
        window,
        query.applications,
        now,
        { signal, hasRoom: (totals) => !isLate() && budget.fits(totals, least) },
        { matches: query.matches, withCreatedAt },
      );

    const collection = await collect(query.window);
    const collectMs = timeAtStart - budget.timeLeft();
    return {
      collection,
      fit: (cost) => !isLate() && isWhole(collection) && budget.fits(collection, cost),
      requestTimeout: (cost) =>
        chooseRequestTimeout({ query, budget, timeAtStart, collection, collectMs, isLate, collect }, cost),
    };
  };
}
