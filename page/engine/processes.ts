import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import type { LogTable } from './log-table.ts';
import type { Filter } from './query/filter.ts';
import type { TimeOrder } from './time-order.ts';

/** What the logs tell of one process: of one `label.rid`. */
export interface Process {
  readonly rid: string;
  readonly events: number;
  /** When its first and its last log occurred, epoch milliseconds. */
  readonly first: number;
  readonly last: number;
  /** How many authentications failed. */
  readonly failures: number;
  /** The most failures in a row that an authentication followed which succeeded. */
  readonly failuresBeforeSuccess: number;
  readonly lastAction: string;
}

/**
 * The processes of the rows that match, each with all that the table has of it. Those whose authentication failed most
 * often before it succeeded come first, then those with most failures, then the latest.
 *
 * @param most how many are wanted
 */
export function processesOf(table: LogTable, filter: Filter, order: TimeOrder, most: number) {
  const rid = table.column('label.rid');
  const action = table.column('event.action');
  const first = rid.firstNumbers();
  const numberOf = (row: number): number => {
    const code = rid.codes[row] as number;
    return first === undefined ? code : (first[code] as number);
  };
  const size = rid.values.length;
  const isWanted = new Uint8Array(size);
  for (let row = 0; row < table.length; row++) if (filter.fails[row] === 0) isWanted[numberOf(row)] = 1;
  isWanted[0] = 0;

  const [events, failures, inARow, beforeSuccess, lastAction] = Array.from(
    { length: 5 },
    () => new Uint32Array(size),
  ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  const firstTime = new Float64Array(size);
  const lastTime = new Float64Array(size);
  const outcomes: Readonly<Record<string, string>> = OUTCOME_OF;
  const outcomeOf = action.values.map((value) => outcomes[value]);
  // from the oldest row on
  for (let i = order.length - 1; i >= 0; i--) {
    const row = order.rows[i] as number;
    const number = numberOf(row);
    if (isWanted[number] === 0) continue;
    const code = action.codes[row] as number;
    if (events[number] === 0) firstTime[number] = table.times[row] as number;
    lastTime[number] = table.times[row] as number;
    lastAction[number] = code;
    (events[number] as number) += 1;
    if (outcomeOf[code] === 'failure') {
      (failures[number] as number) += 1;
      (inARow[number] as number) += 1;
    } else if (outcomeOf[code] === 'success') {
      beforeSuccess[number] = Math.max(beforeSuccess[number] as number, inARow[number] as number);
      inARow[number] = 0;
    }
  }
  const found: number[] = [];
  for (let number = 1; number < size; number++) if (isWanted[number] === 1) found.push(number);
  const higher = (of: Uint32Array | Float64Array, a: number, b: number): number =>
    (of[b] as number) - (of[a] as number);
  found.sort((a, b) => higher(beforeSuccess, a, b) || higher(failures, a, b) || higher(lastTime, a, b));
  const processes = found.slice(0, most).map(
    (number): Process => ({
      rid: rid.values[number] as string,
      events: events[number] as number,
      first: firstTime[number] as number,
      last: lastTime[number] as number,
      failures: failures[number] as number,
      failuresBeforeSuccess: beforeSuccess[number] as number,
      lastAction: action.values[lastAction[number] as number] as string,
    }),
  );
  return { total: found.length, processes };
}
