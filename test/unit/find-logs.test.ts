import { describe, expect, test } from 'vitest';
import { AS_IT_IS, budget } from '../../functions/query/budget.ts';
import { findLogs } from '../../functions/query/find-logs.ts';
import type { CallerError } from '../../shared/errors.ts';
import { encodeDocument } from '../../shared/log-codec.ts';
import { logKey } from '../../shared/log-key.ts';
import type { LogStore } from '../../shared/log-store.ts';
import { formatQueryTime, parseQueryTime, SECOND, type TimeWindow } from '../../shared/time-window.ts';
import { type MemoryStoreOptions, memoryStore } from '../fixtures/memory-store.ts';

const START = Date.UTC(2026, 10, 21, 9);

/** A store of logs of the Player, all of one size. */
function storeOf(timestamps: readonly number[], documentBytes: number, options?: MemoryStoreOptions) {
  const document = encodeDocument(JSON.stringify('x'.repeat(documentBytes - 2)));
  return memoryStore(
    timestamps.map((timestamp, i) => ({ timestamp, id: `id-${i}`, document })),
    options,
  );
}

/** Finds the logs of a window with `seconds` of time left, of which the first is kept in reserve. */
const find = (store: Pick<LogStore, 'collect'>, window: TimeWindow, seconds: number, memoryBytes = 1e9) =>
  findLogs(store)(
    { window, applications: ['player'] },
    0,
    budget(seconds * SECOND, memoryBytes, () => 0),
    {
      least: AS_IT_IS,
      measure: async () => AS_IT_IS,
    },
  );

const refusal = (promise: Promise<unknown>): Promise<CallerError> =>
  promise.then(
    () => Promise.reject(new Error('was answered')),
    (error) => error,
  );

/** One log every 10 ms: 100 a second. */
const steady = (count: number): number[] => Array.from({ length: count }, (_, i) => START + i * 10);

describe('finding the logs of a window', () => {
  test('gives all of them when they fit', async () => {
    const { results, readUntil } = await find(
      storeOf(steady(1000), 1000),
      { from: START, until: START + 60_000 },
      2,
    );
    expect([results, readUntil]).toEqual([1000, undefined]);
  });

  test('gives 408 with an earlier end when they do not, and that end fits', async () => {
    // 8 MB fit into two seconds (6 at once, 2 in the second that is left); 20 MB are there.
    const store = storeOf(steady(20_000), 1000);
    const error = await refusal(find(store, { from: START, until: START + 600_000 }, 2));
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
    const until = parseQueryTime(error.details['next_end_time'] ?? '') ?? 0;
    expect(until).toBeGreaterThan(START + 20 * SECOND);
    expect(until % SECOND).toBe(0);
    const { results } = await find(store, { from: START, until }, 2);
    expect(results).toBe((until - START) / 10);
  });

  test('following next_end_time from the start to the end of a window gives every log exactly once', async () => {
    const timestamps = [...steady(9000), ...steady(3000).map((timestamp) => timestamp + 300_000)];
    const store = storeOf(timestamps, 2000);
    const end = START + 600_000;
    const found: string[] = [];
    let requests = 0;
    for (let from = START, until = end; from < end; requests++) {
      const outcome = await find(store, { from, until }, 2).catch((error: CallerError) => error);
      if ('inOrder' in outcome) {
        found.push(...[...outcome.inOrder()].map(({ sortKey }) => sortKey));
        [from, until] = [until, end];
      } else {
        until = parseQueryTime(outcome.details['next_end_time'] ?? '') ?? 0;
        expect(until).toBeGreaterThan(from);
      }
    }
    expect(new Set(found).size).toBe(timestamps.length);
    expect(found.length).toBe(timestamps.length);
    expect(requests).toBeLessThan(20);
  });

  test('the memory bound stops collecting as well', async () => {
    const store = storeOf(steady(20_000), 100);
    const error = await refusal(find(store, { from: START, until: START + 600_000 }, 50, 1_000_000));
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
  });

  test('next_end_time is no later than what every partition was read to', async () => {
    // One partition holds the first 100 s and is not read to its end when the others, all later, have filled the room.
    const isDense = (i: number): boolean => logKey('player', START, `id-${i}`).partitionKey.endsWith('#0');
    let dense = 0;
    const timestamps = Array.from({ length: 16_000 }, (_, i) =>
      isDense(i) ? START + 50 * dense++ : START + 500_000 + i,
    );
    const error = await refusal(find(storeOf(timestamps, 1000), { from: START, until: START + 900_000 }, 2));
    const until = parseQueryTime(error.details['next_end_time'] ?? '') ?? 0;
    expect(until).toBeGreaterThan(START + SECOND);
    expect(until).toBeLessThan(START + 100 * SECOND);
  });

  test('a second that is too large by itself is named as such, with what helps', async () => {
    const store = storeOf(
      Array.from({ length: 9000 }, (_, i) => START + (i % 1000)),
      1000,
    );
    for (const until of [START + SECOND, START + 600_000]) {
      const error = await refusal(find(store, { from: START, until }, 2));
      expect(error).toMatchObject({ status: 408, code: 'second_too_large', details: {} });
      for (const help of ['Accept-Encoding', 'app_type', formatQueryTime(START)])
        expect(error.message).toContain(help);
    }
  });

  test('a dense partition beside sparse ones does not make a small second look too large', async () => {
    // One partition has a page full in the first 50 ms and much later; together the later logs are too many.
    const dense = steady(12_000).map((_, i) => START + (i < 200 ? i / 4 : 60_000 + i));
    const error = await refusal(find(storeOf(dense, 1000), { from: START, until: START + 600_000 }, 2));
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
  });

  test('no time left to read anything is a 408, too', async () => {
    const error = await refusal(find(storeOf(steady(10), 100), { from: START, until: START + 600_000 }, 1));
    expect(error).toMatchObject({ status: 408, code: 'read_too_slow' });
  });

  test('a window that took too long to read gets an end that leaves time to read and to send', async () => {
    let now = 0;
    // 10 s for all of it, of which there are 5.
    const store = storeOf(steady(20_000), 100, { onRead: () => (now += 25) });
    const ask = (until: number) =>
      findLogs(store)(
        { window: { from: START, until }, applications: ['player'] },
        now,
        budget(now + 6 * SECOND, 1e9, () => now),
        { least: AS_IT_IS, measure: async () => ({ sentBytes: 0.1, workMs: 0.0005 }) },
      );
    const error = await refusal(ask(START + 200 * SECOND));
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
    const until = parseQueryTime(error.details['next_end_time'] ?? '') ?? 0;
    expect(until).toBeGreaterThan(START + 20 * SECOND);
    expect((await ask(until)).results).toBe((until - START) / 10);
  });

  test('an empty window needs no reading', async () => {
    const untouched = { collect: storeOf([], 10).collect };
    expect((await find(untouched, { from: START, until: START }, 50)).results).toBe(0);
  });
});
