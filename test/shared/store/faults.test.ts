import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { query } from '../../../functions/query/query.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import type { HttpError } from '../../../shared/http-errors.ts';
import { formatQueryTime, parseQueryTime } from '../../../shared/query/time-window.ts';
import type { Collection } from '../../../shared/store/collect-window.ts';
import { type LogStore, logStore } from '../../../shared/store/log-store.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { log } from '../../fixtures/identified-logs.ts';

const FROM = Date.UTC(2026, 10, 21, 9);
const WINDOW = { from: FROM, until: FROM + 60_000 };
const COUNT = 40;
/** Another hour, with so many logs that each partition of the Player has two or three pages of 1 MB. */
const BULKY = { from: FROM + 3_600_000, until: FROM + 7_200_000 };
const BULKY_COUNT = 350;

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: LogStore;
beforeAll(async () => {
  // As the query function has it: the SDK does not retry.
  table = await startEmbeddedTable(1);
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
  const noise = randomBytes(40_000).toString('base64');
  const logs = [
    ...Array.from({ length: COUNT }, (_, i) => log(FROM + i * 1000, `id-${i}`)),
    ...Array.from({ length: BULKY_COUNT }, (_, i) => log(BULKY.from + i * 1000, `bulky-${i}`, {}, noise)),
  ];
  const { signal } = new AbortController();
  const storing = store.putAll(logs, Date.now(), signal);
  const puts = await Promise.all(storing.puts);
  expect(puts.filter(({ kind }) => kind !== 'stored')).toEqual([]);
  // Until then, requests of the feed are still under way, and would be counted.
  await storing.finished;
});
afterEach(() => table.faults.order(() => undefined));
afterAll(() => table.close());

const collect = (signal = new AbortController().signal): Promise<Collection> =>
  store.collect(WINDOW, APPLICATIONS, FROM, { signal, hasRoom: () => true });

describe('collecting while DynamoDB', () => {
  // The first of these tests: those after it may leave repeated reads under way, which would be counted here.
  test('refuses what it is asked: fails at once, as a fault of ours', async () => {
    table.faults.order(() => 'refuse');
    await expect(collect()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(table.faults.operations.length).toBeLessThanOrEqual(16);
  });

  test('throttles for a while: reads everything', async () => {
    table.faults.order((_, n) => (n <= 60 ? 'throttle' : undefined));
    expect(await collect()).toMatchObject({ results: COUNT, readUntil: undefined });
  });

  test('throttles all the time: goes on until it is stopped, and gives what was read', async () => {
    const stop = new AbortController();
    table.faults.order((_, n) => {
      if (n === 60) stop.abort(new Error('the time is up'));
      return 'throttle';
    });
    expect(await collect(stop.signal)).toMatchObject({ results: 0, readUntil: FROM });
  });

  test.each(['fail', 'reset'] as const)('has a bad moment (%s): reads everything', async (fault) => {
    table.faults.order((_, n) => (n < 20 ? fault : undefined));
    expect(await collect()).toMatchObject({ results: COUNT, readUntil: undefined });
  });

  test.each(['fail', 'reset'] as const)(
    'fails again and again (%s): says that it is the store',
    async (fault) => {
      table.faults.order(() => fault);
      await expect(collect()).rejects.toThrow(StoreUnavailable);
    },
  );
});

describe('a query while DynamoDB throttles', () => {
  /** Asks for the logs of the other hour, with so many milliseconds to read in. */
  const ask = (readMs: number): Promise<unknown> => {
    const now = Date.now();
    const answer = query({ store, timeoutMs: readMs + 1_000, memoryBytes: 1e9, now: () => Date.now() });
    const parameters = {
      start_time: [formatQueryTime(BULKY.from)],
      end_time: [formatQueryTime(BULKY.until)],
    };
    return answer(httpRequest({ parameters, now }), CALLER).then(
      () => expect.fail('was answered'),
      (error: unknown) => error,
    );
  };

  test('from the start: is a 408 when its time is up, without next_end_time', async () => {
    table.faults.order(() => 'throttle');
    expect(await ask(1_000)).toMatchObject({ status: 408, code: 'read_too_slow', details: {} });
  });

  test('once each partition was read a page far: is a 408 with a next_end_time that everything was read to', async () => {
    // One for each partition, and a few more: requests of an earlier test may still come in.
    table.faults.order((_, n) => (n > 20 ? 'throttle' : undefined));
    const error = (await ask(8_000)) as HttpError;
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
    expect(error.message).toContain('more than could be read in time');
    const next = parseQueryTime(error.details['next_end_time'] ?? '') ?? 0;
    expect(next).toBeGreaterThan(BULKY.from);
    expect(next).toBeLessThan(BULKY.until);
  });
});
