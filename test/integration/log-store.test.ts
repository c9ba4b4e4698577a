import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../shared/bus-events.ts';
import { decodeDocument } from '../../shared/log-codec.ts';
import type { Collection, Totals } from '../../shared/log-collection.ts';
import { sortKeyTimestamp } from '../../shared/log-key.ts';
import { type LogStore, logStore } from '../../shared/log-store.ts';
import type { IdentifiedLog } from '../../shared/security-event.ts';
import type { TimeWindow } from '../../shared/time-window.ts';
import { startEmbeddedTable, TABLE_NAME } from '../fixtures/embedded-table.ts';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 22, 12);

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: LogStore;
beforeAll(async () => {
  table = await startEmbeddedTable();
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
});
afterEach(() => table.faults.order(() => undefined));
afterAll(() => table.close());

/** Each test has an hour of its own, so that tests do not meet in the table. */
let hours = 0;
const freshHour = (): TimeWindow => {
  const from = Date.UTC(2026, 0, 1) + hours++ * HOUR;
  return { from, until: from + HOUR };
};

const log = (
  timestamp: number,
  id: string,
  others: Partial<IdentifiedLog> = {},
  note = '',
): IdentifiedLog => ({
  application: 'player',
  timestamp,
  id,
  log: {
    ecs: { version: '8.11.0' },
    '@timestamp': new Date(timestamp).toISOString(),
    event: { action: 'OPENED' },
    label: { app_type: others.application ?? 'player', rid: id, ...(note === '' ? {} : { page_name: note }) },
  },
  ...others,
});

/** Logs of about 64 KB that do not compress, a second apart: some sixteen of them fill a page of 1 MB. */
const bulkyLogs = ({ from }: TimeWindow, count: number): IdentifiedLog[] =>
  Array.from({ length: count }, (_, i) =>
    log(from + i * 1000, `bulky-${i}`, {}, randomBytes(64_000).toString('base64')),
  );

const { signal } = new AbortController();
const put = (kept: IdentifiedLog, createdAt = NOW) => store.put(kept, createdAt, signal);
const everything = { signal, hasRoom: () => true };
const collect = (window: TimeWindow, applications = APPLICATIONS, now = NOW) =>
  store.collect(window, applications, now, everything);
const ridsOf = (collection: Collection): string[] =>
  [...collection.inOrder()].map(({ document }) => JSON.parse(decodeDocument(document).toString()).label.rid);

describe('putting a log', () => {
  test('any number of copies at once are one log', async () => {
    const window = freshHour();
    const results = await Promise.all(Array.from({ length: 20 }, () => put(log(window.from, 'copy'))));
    expect(results.filter((result) => result === 'stored').length).toBe(1);
    expect(results.filter((result) => result === 'duplicate').length).toBe(19);
    expect((await collect(window)).results).toBe(1);
  });

  test('the first one stored stays, with its lifetime', async () => {
    const window = freshHour();
    await put(log(window.from, 'first', {}, 'one'), NOW - 47 * HOUR);
    expect(await put(log(window.from, 'first', {}, 'two'), NOW)).toBe('duplicate');
    const [kept] = [...(await collect(window)).inOrder()];
    expect(JSON.parse(String(kept && decodeDocument(kept.document))).label.page_name).toBe('one');
    expect((await collect(window, APPLICATIONS, NOW + HOUR)).results).toBe(0);
  });

  test('the same id at another time, or of the other application, is another log', async () => {
    const window = freshHour();
    await put(log(window.from, 'same'));
    await put(log(window.from + 1, 'same'));
    await put(log(window.from, 'same', { application: 'builder' }));
    expect((await collect(window)).results).toBe(3);
  });

  test('throttling is ridden out', async () => {
    const window = freshHour();
    table.faults.order((_, n) => (n % 3 === 0 ? undefined : 'throttle'));
    expect(await put(log(window.from, 'patient'))).toBe('stored');
    expect(table.faults.operations.length).toBe(3);
  });

  test('a put whose answer was lost is stored once', async () => {
    const window = freshHour();
    await put(log(window.from, 'lost answer'));
    table.faults.order((_, n) => (n === 1 ? 'reset' : undefined));
    expect(await put(log(window.from, 'lost answer'))).toBe('duplicate');
  });
});

describe('collecting a window', () => {
  test('gives the logs of all shards and both applications in the order of time, then of the ids', async () => {
    const window = freshHour();
    const logs = Array.from({ length: 200 }, (_, i) =>
      log(window.from + (i % 50) * 1000, `id-${String(i).padStart(3, '0')}`, {
        application: APPLICATIONS[i % 2] ?? 'player',
      }),
    );
    await Promise.all(logs.toReversed().map((kept) => put(kept)));
    const expected = logs
      .toSorted((a, b) => a.timestamp - b.timestamp || (a.id < b.id ? -1 : 1))
      .map(({ id }) => id);
    expect(ridsOf(await collect(window))).toEqual(expected);
  });

  test('sorts ids of one instant by their UTF-8 bytes', async () => {
    const window = freshHour();
    const ids = ['\u{1f600}', '\uff5e', 'é', 'z', 'a\u0001', '#'];
    await Promise.all(ids.map((id) => put(log(window.from, id))));
    const byBytes = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(ridsOf(await collect(window))).toEqual(byBytes);
  });

  test('holds its first instant and not its last', async () => {
    const window = freshHour();
    await put(log(window.from - 1, 'before'));
    await put(log(window.from, 'first'));
    await put(log(window.until - 1, 'last'));
    await put(log(window.until, 'after'));
    expect(ridsOf(await collect(window))).toEqual(['first', 'last']);
  });

  test('reads one application alone when asked to', async () => {
    const window = freshHour();
    await put(log(window.from, 'p'));
    await put(log(window.from, 'b', { application: 'builder' }));
    expect(ridsOf(await collect(window, ['builder'] as never))).toEqual(['b']);
  });

  test('finds a log for 48 hours from its creation, though the item lies there longer', async () => {
    const window = freshHour();
    await put(log(window.from, 'short-lived'), NOW);
    expect((await collect(window, APPLICATIONS, NOW + 48 * HOUR - 1)).results).toBe(1);
    expect((await collect(window, APPLICATIONS, NOW + 48 * HOUR)).results).toBe(0);
  });

  test('reads on after the 1 MB of a page, and rides out throttling', async () => {
    const window = freshHour();
    const bulky = bulkyLogs(window, 300);
    await Promise.all(bulky.map((kept) => put(kept)));
    table.faults.order((operation, n) => (operation === 'Query' && n % 4 === 0 ? 'throttle' : undefined));
    const { results } = await collect(window, ['player'] as never);
    expect(results).toBe(300);
    expect(table.faults.operations.length).toBeGreaterThan(2 * 8);
  });

  test('that fails in the store fails, whatever was read by then', async () => {
    const window = freshHour();
    await put(log(window.from, 'unreachable'));
    table.faults.order((_, n) => (n > 4 ? 'fail' : undefined));
    const impatient = logStore({ client: table.client, tableName: 'no such table', retentionHours: 48 });
    await expect(impatient.collect(window, APPLICATIONS, NOW, everything)).rejects.toThrow();
  });
});

describe('collecting within limits', () => {
  test('stops, and everything before the instant it names was read', async () => {
    const window = freshHour();
    const bulky = bulkyLogs(window, 250);
    await Promise.all(bulky.map((kept) => put(kept)));
    let asked = 0;
    const hasRoom = (totals: Totals) => {
      asked += 1;
      return totals.results < 100;
    };
    const collection = await store.collect(window, ['player'], NOW, { signal, hasRoom });
    const { readUntil = 0 } = collection;
    expect(asked).toBeGreaterThan(8);
    expect(readUntil).toBeGreaterThan(window.from);
    const read = new Set([...collection.inOrder()].map(({ sortKey }) => sortKeyTimestamp(sortKey)));
    for (const { timestamp } of bulky) if (timestamp < readUntil) expect(read).toContain(timestamp);
    expect(collection.results).toBeLessThan(bulky.length);
  });

  test('stops when it is told to, without failing', async () => {
    const window = freshHour();
    await put(log(window.from, 'never read'));
    const collection = await store.collect(window, APPLICATIONS, NOW, {
      ...everything,
      signal: AbortSignal.abort(),
    });
    expect(collection.readUntil).toBe(window.from);
  });
});
