import { describe, expect, test } from 'vitest';
import { PartitionedTable } from '../../../bench/scaling/partitioned-table.ts';
import { createRandom } from '../../../tools/synthetic-logs/random.ts';

const MINUTES = 70;

/** Writes so many units a second to each key, from a minute until another. @returns the units written a second in the last minute */
function use(table: PartitionedTable, rates: readonly number[], from: number, until: number): number {
  let last = 0;
  for (let second = from * 60; second < until * 60; second++) {
    for (const [key, units] of rates.entries()) {
      const { written } = table.write(key, units, second, second + 1);
      if (second >= (until - 1) * 60) last += written;
    }
    if (second % 60 === 59) table.adapt(second);
  }
  return last / 60;
}

const tableOf = (keys: number, warmWrites: number, mostWrites = 40_000) =>
  new PartitionedTable({
    random: createRandom(7),
    keys,
    warmWrites,
    mostWrites,
    seconds: (MINUTES + 1) * 60,
  });

describe('a table', () => {
  test('has a partition for each 1,000 write units', () => {
    expect(tableOf(1, 4000).size).toBe(4);
    expect(tableOf(1, 40_000).size).toBe(40);
  });

  test('takes 1,000 units a second of one key, however long it is used', () => {
    const table = tableOf(1, 4000);
    expect(use(table, [3000], 0, 60)).toBeCloseTo(1000, 0);
    expect(table.size).toBe(4);
  });

  test('splits a hot partition between its keys', () => {
    const table = tableOf(2, 1000);
    expect(use(table, [700, 700], 0, 4)).toBeCloseTo(1000, 0);
    expect(use(table, [700, 700], 4, 24)).toBeCloseTo(1400, 0);
    expect(table.size).toBe(2);
  });

  test('doubles when twice its use has been more than it takes for half an hour, and no sooner', () => {
    // so many keys that no partition is hot
    const rates = (total: number): number[] => Array.from({ length: 400 }, () => total / 400);
    const [enough, small] = [tableOf(400, 4000), tableOf(400, 4000)];
    use(enough, rates(1900), 0, MINUTES);
    expect(enough.size).toBe(4);
    use(small, rates(2400), 0, 30);
    expect(small.size).toBe(4);
    use(small, rates(2400), 30, 32);
    expect(small.size).toBe(8);
  });

  test('takes no more than its quota', () => {
    const rates = Array.from({ length: 200 }, () => 100);
    expect(use(tableOf(200, 40_000, 5000), rates, 0, 2)).toBeCloseTo(5000, 0);
  });
});
