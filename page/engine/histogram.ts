import { OUTCOME_OF, OUTCOMES } from '../../shared/event/outcome.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { LogTable } from './log-table.ts';
import type { Filter } from './query/filter.ts';

/** The bars of a histogram are as long as one of these, milliseconds. */
const LENGTHS = [
  1,
  10,
  100,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
];
const MOST_BARS = 80;

export interface Histogram {
  /** Where the first bar begins, epoch milliseconds. */
  readonly start: number;
  /** How long a bar is, milliseconds. */
  readonly length: number;
  /** By bar: how many rows have each outcome, in the order of `OUTCOMES`. */
  readonly bars: readonly (readonly number[])[];
}

/**
 * Counts the rows that match by time and outcome.
 *
 * @param from epoch milliseconds, inclusive; the first bar may begin a little earlier, at a round time
 * @param until exclusive, after `from`
 */
export function histogramOf(table: LogTable, filter: Filter, from: number, until: number): Histogram {
  const span = Math.max(1, until - from);
  const length =
    LENGTHS.find((each) => span / each <= MOST_BARS) ?? Math.ceil(span / MOST_BARS / (24 * HOUR)) * 24 * HOUR;
  const start = Math.floor(from / length) * length;
  const count = Math.max(1, Math.ceil((until - start) / length));
  const bars = Array.from({ length: count }, () => OUTCOMES.map(() => 0));

  const action = table.column('event.action');
  const outcomes: Readonly<Record<string, string>> = OUTCOME_OF;
  const outcomeOf = Uint8Array.from(action.values, (value) =>
    Math.max(0, (OUTCOMES as readonly string[]).indexOf(outcomes[value] ?? 'none')),
  );
  const { times } = table;
  const { fails } = filter;
  for (let row = 0; row < table.length; row++) {
    const time = times[row] as number;
    if (fails[row] !== 0 || time < from || time >= until) continue;
    const bar = bars[Math.floor((time - start) / length)] as number[];
    (bar[outcomeOf[action.codes[row] as number] as number] as number) += 1;
  }
  return { start, length, bars };
}
