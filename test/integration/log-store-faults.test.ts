import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../shared/bus-events.ts';
import { StoreUnavailable } from '../../shared/errors.ts';
import type { Collection } from '../../shared/log-collection.ts';
import { type LogStore, logStore } from '../../shared/log-store.ts';
import { startEmbeddedTable, TABLE_NAME } from '../fixtures/embedded-table.ts';

const FROM = Date.UTC(2026, 10, 21, 9);
const WINDOW = { from: FROM, until: FROM + 60_000 };
const COUNT = 40;

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: LogStore;
beforeAll(async () => {
  // As the query function has it: the SDK does not retry.
  table = await startEmbeddedTable(1);
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
  const { signal } = new AbortController();
  for (let i = 0; i < COUNT; i++) {
    const timestamp = FROM + i * 1000;
    const log = {
      ecs: { version: '8.11.0' },
      '@timestamp': new Date(timestamp).toISOString(),
      event: { action: 'OPENED' },
      label: { app_type: 'player' },
    } as const;
    await store.put({ application: 'player', timestamp, id: `id-${i}`, log }, FROM, signal);
  }
});
afterEach(() => table.faults.order(() => undefined));
afterAll(() => table.close());

const collect = (signal = new AbortController().signal): Promise<Collection> =>
  store.collect(WINDOW, APPLICATIONS, FROM, { signal, hasRoom: () => true });

describe('collecting while DynamoDB', () => {
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

  test('refuses what it is asked: fails at once, as a fault of ours', async () => {
    table.faults.order(() => 'refuse');
    await expect(collect()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(table.faults.operations.length).toBeLessThanOrEqual(16);
  });
});
