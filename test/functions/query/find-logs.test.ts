import { describe, expect, test } from 'vitest';
import { JSON_PAGES } from '../../../functions/http/answer-formats/json-pages.ts';
import { budget } from '../../../functions/http/budget/budget.ts';
import { type Cost, UNCOMPRESSED } from '../../../functions/http/budget/cost.ts';
import type { WantedLogs } from '../../../functions/query/failed-query.ts';
import { findLogs } from '../../../functions/query/find-logs.ts';
import type { Application } from '../../../shared/event/bus-events.ts';
import type { HttpError } from '../../../shared/http-errors.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { formatQueryTime, parseQueryTime, type TimeWindow } from '../../../shared/query/time-window.ts';
import type { Collection } from '../../../shared/store/collect-window.ts';
import { type KeyRange, keyRanges, logKey } from '../../../shared/store/log-key.ts';
import type { LogStore } from '../../../shared/store/log-store.ts';
import { SECOND } from '../../../shared/time.ts';
import { type MemoryStoreOptions, memoryStore } from '../../fixtures/memory-store.ts';

const START = Date.UTC(2026, 10, 21, 9);

/** A store of logs of the Player, all of one size. */
function storeOf(timestamps: readonly number[], documentBytes: number, options?: MemoryStoreOptions) {
  const document = encodeDocument(JSON.stringify('x'.repeat(documentBytes - 2)));
  return memoryStore(
    timestamps.map((timestamp, i) => ({ timestamp, id: `id-${i}`, document })),
    options,
  );
}

/** A cost as an estimate would give it for logs that compress to a tenth. */
const COMPRESSED: Cost = { kind: 'estimated', sentBytes: 0.1, workMs: 0.0005 };

/** Asks as the query function does, whose estimate is `cost`, with `seconds` left: one of them is kept in reserve. */
async function findOrRefuse(
  store: Pick<LogStore, 'collect'>,
  query: WantedLogs,
  { seconds, cost, memoryBytes = 1e9, now = () => 0 }: FindOptions,
): Promise<Collection> {
  const deadline = now() + seconds * SECOND;
  const limits = budget({ deadline, memoryBytes, now, format: JSON_PAGES });
  const found = await findLogs(store)(query, now(), limits, UNCOMPRESSED);
  if (!found.fit(UNCOMPRESSED) && !found.fit(cost)) throw await found.requestTimeout(cost);
  return found.collection;
}

interface FindOptions {
  readonly seconds: number;
  readonly cost: Cost;
  readonly memoryBytes?: number;
  readonly now?: () => number;
}

/** Finds the logs of a window where the clock stands still. */
const find = (store: Pick<LogStore, 'collect'>, window: TimeWindow, seconds: number, memoryBytes = 1e9) =>
  findOrRefuse(
    store,
    { window, applications: ['player'], timeFormat: 'published' },
    { seconds, cost: UNCOMPRESSED, memoryBytes },
  );

const refusal = (promise: Promise<unknown>): Promise<HttpError> =>
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
      const outcome = await find(store, { from, until }, 2).catch((error: HttpError) => error);
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

  test('a window that took too long to read gets an end that leaves time to read and to send', async () => {
    let now = 0;
    // 10 s for all of it, of which there are 5.
    const store = storeOf(steady(20_000), 100, { onRead: () => (now += 25) });
    const ask = (until: number) =>
      findOrRefuse(
        store,
        { window: { from: START, until }, applications: ['player'], timeFormat: 'published' },
        { seconds: 6, cost: COMPRESSED, now: () => now },
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

/** A store that takes its time for each read, as `slowness` (milliseconds) says, and one who asks it for 5 seconds. */
function slowStore(timestamps: readonly number[], slowness: (range: KeyRange, n: number) => number) {
  let now = 0;
  let reads = 0;
  const store = storeOf(timestamps, 100, {
    onRead: (range) => {
      reads += 1;
      now += slowness(range, reads);
    },
  });
  const ask = (until: number, seconds = 6, applications: readonly Application[] = ['player']) =>
    findOrRefuse(
      store,
      { window: { from: START, until }, applications, timeFormat: 'published' },
      { seconds, cost: COMPRESSED, now: () => now },
    );
  return { ask, reads: () => reads };
}

const PARTITIONS = keyRanges({ from: 0, until: 1 }, ['player']).map(({ partitionKey }) => partitionKey);

describe('finding logs when there is too little time', () => {
  test('where no second was read: says that the store is slow, and of a shorter window only where there is one', async () => {
    const alone = `end_time=${formatQueryTime(START + SECOND)}`;
    for (const [until, advice] of [
      [START + SECOND, false],
      [START + 600_000, true],
    ] as const) {
      const { ask } = slowStore(steady(20_000), () => 2_000);
      const error = await refusal(ask(until));
      expect(error).toMatchObject({ status: 408, code: 'read_too_slow', details: {} });
      expect(error.message).toContain('the store is slow or throttles; ask again in a while');
      expect(error.message.includes(alone)).toBe(advice);
      expect(error.message).not.toContain('shorter');
    }
  });

  test('where no second of both applications was read: says that one of them is less to read', async () => {
    const { ask } = slowStore(steady(20_000), () => 2_000);
    expect((await refusal(ask(START + SECOND, 6, ['player', 'builder']))).message).toContain('app_type');
    expect((await refusal(ask(START + SECOND, 6, ['player']))).message).not.toContain('app_type');
  });

  test('where none was left when the request came: says so, and reads nothing', async () => {
    for (const seconds of [1, 0, -54]) {
      const { ask, reads } = slowStore(steady(10), () => 1);
      const error = await refusal(ask(START + 600_000, seconds));
      expect(error).toMatchObject({ status: 408, code: 'read_too_slow', details: {} });
      expect(error.message).toContain('no time was left');
      expect(error.message).not.toContain('shorter');
      expect(reads()).toBe(0);
    }
  });

  test('where little was left when the request came: says how little', async () => {
    const { ask } = slowStore(steady(10), () => 200);
    const error = await refusal(ask(START + 600_000, 1.5));
    expect(error).toMatchObject({ code: 'read_too_slow', details: {} });
    expect(error.message).toContain('0.5 seconds were left');
  });

  test('where every partition was read beyond the first second: has a next_end_time', async () => {
    // The last partition is read a page a second.
    const { ask } = slowStore(steady(60_000), ({ partitionKey }) =>
      partitionKey === PARTITIONS.at(-1) ? 1_000 : 1,
    );
    let requests = 0;
    for (let until = START + 600_000; ; requests++) {
      const outcome = await ask(until).catch((error: HttpError) => error);
      if ('inOrder' in outcome) break;
      expect(outcome).toMatchObject({ status: 408, code: 'window_too_large' });
      const next = parseQueryTime(outcome.details['next_end_time'] ?? '') ?? 0;
      expect(next).toBeGreaterThan(START);
      expect(next).toBeLessThan(until);
      until = next;
    }
    expect(requests).toBe(1);
  });

  test('where all was read, most of it in the first second: sends the caller to that second', async () => {
    const dense = Array.from({ length: 2_000 }, (_, i) => START + (i % 1000));
    const { ask } = slowStore(dense, () => 100);
    const error = await refusal(ask(START + 10 * SECOND));
    expect(error.details).toEqual({ next_end_time: formatQueryTime(START + SECOND) });
  });

  test('where a single second was read, but too late: asks to try again, as it would fit', async () => {
    const dense = Array.from({ length: 2_000 }, (_, i) => START + (i % 1000));
    const { ask } = slowStore(dense, (_, n) => (n <= 40 ? 130 : 0));
    const error = await refusal(ask(START + SECOND));
    expect(error).toMatchObject({ code: 'read_too_slow', details: {} });
    expect((await ask(START + SECOND)).results).toBe(2_000);
  });
});
