import type { HttpError } from '../../shared/http-errors.ts';
import { formatTimeParameter } from '../../shared/query/time-parameter.ts';
import { floorToSecond, SECOND } from '../../shared/time.ts';
import type { Cost } from '../http/budget/cost.ts';
import { type FailedQuery, isWhole } from './failed-query.ts';
import { latestFittingEnd } from './fitting-end.ts';
import {
  secondTooLarge,
  startedTooLate,
  storeTooSlow,
  windowReadTooSlowly,
  windowTooLarge,
} from './request-timeout-errors.ts';

/** If a request had less than this to read in, milliseconds, then the time was short, and the store was not slow. */
const LITTLE_TIME_MS = 5 * SECOND;

/**
 * Chooses the 408 that helps the caller most: a shorter window where one fits, or else what is wrong with the first
 * second (docs/contract.md#reading-logs).
 */
export async function chooseRequestTimeout(failed: FailedQuery, cost: Cost): Promise<HttpError> {
  const { query, collection, timeAtStart, budget, isLate } = failed;
  const { window } = query;
  const shown = (instant: number): string => formatTimeParameter(instant, query.timeFormat);
  const start = shown(window.from);
  const wasLate = isLate();
  const windowTooMuch = wasLate ? windowReadTooSlowly : windowTooLarge;
  const fittingEnd = latestFittingEnd(failed, wasLate, cost);
  const firstSecond = { from: window.from, until: floorToSecond(window.from) + SECOND };
  if (fittingEnd >= firstSecond.until) return windowTooMuch(shown(fittingEnd));

  const firstEnd = shown(firstSecond.until);
  const isOneSecond = firstSecond.until >= window.until;
  const tooSlow = (): HttpError => {
    if (timeAtStart < LITTLE_TIME_MS) return startedTooLate(timeAtStart);
    const oneSecond = isOneSecond ? [] : [`for that second alone, with end_time=${firstEnd}`];
    const oneApplication = query.applications.length > 1 ? ['for one app_type at a time'] : [];
    return storeTooSlow(start, [...oneSecond, ...oneApplication]);
  };

  if (wasLate) {
    const readUntil = collection.readUntil ?? window.until;
    if (!isOneSecond && readUntil >= firstSecond.until) return windowTooMuch(firstEnd);
    const wouldFit = !isWhole(collection) || budget.fits(collection, cost, { timeLeft: timeAtStart });
    return wouldFit ? tooSlow() : secondTooLarge(start);
  }
  if (isOneSecond) return secondTooLarge(start);

  // What was read may be some dense milliseconds of one partition and hours of others. So the first second is read alone.
  const before = budget.timeLeft();
  const first = await failed.collect(firstSecond);
  const readMs = before - budget.timeLeft();
  const fits = isWhole(first) && budget.fits(first, cost, { timeLeft: timeAtStart - readMs });
  if (fits) return windowTooLarge(firstEnd);
  return isLate() && !isWhole(first) ? tooSlow() : secondTooLarge(start);
}
