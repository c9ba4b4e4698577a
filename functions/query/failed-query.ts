import type { LogQuery } from '../../shared/query/parameters.ts';
import type { TimeWindow } from '../../shared/query/time-window.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import type { Budget } from '../http/budget/budget.ts';

/** What a query asks the store for. */
export type WantedLogs = Pick<LogQuery, 'window' | 'applications' | 'timeFormat' | 'matches'>;

/** A query whose logs do not fit, and what was done to answer it. All times are milliseconds. */
export interface FailedQuery {
  readonly query: WantedLogs;
  readonly budget: Budget;
  /** What was left when the function began to read. */
  readonly timeAtStart: number;
  readonly collection: Collection;
  readonly collectMs: number;
  /** Whether no time is left. */
  isLate(): boolean;
  /** Collects the logs of another window, within the same time. */
  collect(window: TimeWindow): Promise<Collection>;
}

/** Whether everything was read. */
export const isWhole = ({ readUntil }: Collection): boolean => readUntil === undefined;
