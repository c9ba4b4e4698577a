import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../bench/scaling/rows.ts';
import { AS_DEPLOYED, GROUPS, type Setup } from '../../../bench/scaling/scenarios.ts';
import { poisson, simulate } from '../../../bench/scaling/simulate.ts';
import { WaitingEvents } from '../../../bench/scaling/waiting-events.ts';
import { readSettings } from '../../../shared/settings/schema.ts';
import { createRandom } from '../../../tools/synthetic-logs/random.ts';
import { readText } from '../../docs/repository.ts';

const run = (changes: Partial<Setup>, seed = 1) => simulate({ ...AS_DEPLOYED, minutes: 3, ...changes, seed });

describe('the simulation', () => {
  test('is the same for the same seed', () => {
    expect(run({ rate: 500 })).toEqual(run({ rate: 500 }));
    expect(run({ rate: 500 })).not.toEqual(run({ rate: 500 }, 2));
  });

  test('stores what comes, within the time in which a batch is collected', () => {
    const { stored, lag, caughtUp, leftOpen } = run({ rate: 200 });
    expect(stored).toBeGreaterThan(180);
    expect(stored).toBeLessThan(220);
    expect(lag.most).toBeLessThan(3);
    expect(caughtUp).toBe(0);
    expect(leftOpen).toBe(0);
  });

  test('fills batches as the rate grows, up to 100', () => {
    const batches = [10, 100, 1000, 20_000].map((rate) => run({ rate, minutes: 1 }).batch);
    expect(batches).toEqual(batches.toSorted((a, b) => a - b));
    expect(batches.at(-1)).toBeGreaterThan(95);
    expect(batches[0]).toBeLessThan(4);
  });

  test('stores no more than the table takes, and lets the rest wait', () => {
    const { stored, inQueue, inBus, caughtUp } = run({ rate: 8000 });
    // 4,000 units a second at the most, and 1.23 an event
    expect(stored).toBeLessThan(4000 / 1.23);
    expect(inQueue).toBeGreaterThan(100_000);
    expect(inBus).toBe(0);
    expect(caughtUp).toBeUndefined();
  });

  test("lets events wait in the bus beyond the bus's quota", () => {
    const { inBus, mostInBus } = run({ rate: 20_000, warmWrites: 400_000, mostWrites: 1e6 });
    expect(inBus).toBeGreaterThan(100_000);
    expect(mostInBus).toBeGreaterThanOrEqual(inBus);
  });

  test('starts with five invocations at once and has no more than it may', () => {
    expect(run({ rate: 10 }).invocations).toBe(5);
    expect(run({ rate: 8000, concurrency: 8 }).invocations).toBe(8);
    expect(run({ rate: 8000, concurrency: 2 }).invocations).toBe(2);
  });

  test('gives batches back that cannot be stored in time', () => {
    // 100 batches of 123 write units wait for one partition: twelve seconds, and each gives up after six
    const { leftOpen } = run({ rate: 5000, warmWrites: 1000, concurrency: 100, minutes: 1 });
    expect(leftOpen).toBeGreaterThan(0);
  });
});

describe('docs/scaling.md', () => {
  const page = readText('docs/scaling.md');

  test('has what the simulation gives', () => {
    for (const rate of [10, 1000]) {
      const setup = GROUPS['rates']?.find((each) => each.rate === rate) as Setup;
      const cells = Object.values(rowOf(setup)).map(String);
      const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
      expect(rows).toContainEqual(['', ...cells, '']);
    }
  });

  test('has every scenario, in order', () => {
    for (const [name, setups] of Object.entries(GROUPS)) {
      const table = page.slice(page.indexOf(`<!-- ${name} -->`), page.indexOf(`<!-- /${name} -->`));
      const rates = table.split('\n').filter((line) => /^\| \d/.test(line));
      expect(rates.map((line) => Number(line.split('|')[1]?.replace(',', '')))).toEqual(
        setups.map(({ rate }) => rate),
      );
    }
  });

  test('simulates the service with its default settings', () => {
    expect(AS_DEPLOYED.concurrency).toBe(readSettings({}).ingest.concurrency);
  });
});

test('events that wait leave in the order in which they came, and none is lost', () => {
  const waiting = new WaitingEvents();
  for (let i = 0; i < 30_000; i++) waiting.add({ arrivedAt: i, count: 2 });
  const taken = [];
  while (waiting.count > 0) taken.push(...waiting.take(7));
  expect(taken.reduce((sum, { count }) => sum + count, 0)).toBe(60_000);
  const times = taken.map(({ arrivedAt }) => arrivedAt);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('random counts have their mean', () => {
  const random = createRandom(3);
  for (const mean of [0.5, 20, 400]) {
    const counts = Array.from({ length: 5000 }, () => poisson(random, mean));
    const found = counts.reduce((sum, count) => sum + count, 0) / counts.length;
    expect(Math.abs(found - mean)).toBeLessThan(5 * Math.sqrt(mean / counts.length));
  }
});
