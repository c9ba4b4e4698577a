import type { Row } from '../table.ts';
import type { Setup } from './scenarios.ts';
import { type Outcome, simulate } from './simulate.ts';

/** Where the keys lie among the partitions is chance, so each scenario is run with several seeds. */
export const SEEDS: readonly number[] = [1, 2, 3];

/** A row of the table: the middle seed, and after a slash the worst, where they differ. */
export function rowOf(setup: Setup, seeds: readonly number[] = SEEDS): Row {
  const outcomes = seeds.map((seed) => simulate({ ...setup, seed }));
  const both = (value: (outcome: Outcome) => number, text: (value: number) => string): string => {
    const values = outcomes.map(value).sort((a, b) => a - b);
    const middle = text(values[Math.floor(values.length / 2)] as number);
    const worst = text(values.at(-1) as number);
    return middle === worst ? middle : `${middle} / ${worst}`;
  };
  return {
    'events/s': amount(setup.rate),
    'warm writes/s': amount(setup.warmWrites),
    'shards, of the feed': `${setup.shards}, ${setup.feedShards}`,
    'at once, at most': String(setup.concurrency),
    'a batch': both(({ batch }) => batch, amount),
    'most waiting': both(({ mostInQueue, mostInBus }) => mostInQueue + mostInBus, amount),
    'waiting at the end': both(({ inQueue, inBus }) => inQueue + inBus, amount),
    'caught up after': both(
      ({ caughtUp }) => caughtUp ?? Number.POSITIVE_INFINITY,
      (minutes) =>
        minutes === 0 ? 'never late' : Number.isFinite(minutes) ? `${Math.ceil(minutes)} min` : 'not',
    ),
    'lag, median': both(({ lag }) => lag.median, seconds),
    'lag, most': both(({ lag }) => lag.most, seconds),
    partitions: both(
      ({ partitions }) => partitions.last,
      (last) => `${outcomes[0]?.partitions.first} to ${last}`,
    ),
  };
}

/** Two digits that count, in thousands or millions where they are. */
export function amount(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(2))} M`;
  if (value >= 1e3) return Number(value.toPrecision(2)).toLocaleString('en-US');
  return String(Math.round(value));
}

const seconds = (value: number): string =>
  value < 60 ? `${Number(value.toPrecision(2))} s` : `${Math.round(value / 60)} min`;
