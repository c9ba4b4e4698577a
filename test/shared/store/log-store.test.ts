import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import type { Put } from '../../../shared/feed/write-batch.ts';
import { decodeDocument } from '../../../shared/log/document-codec.ts';
import type { TimeWindow } from '../../../shared/query/time-window.ts';
import type { Collection, Totals } from '../../../shared/store/collect-window.ts';
import { sortKeyTimestamp } from '../../../shared/store/log-key.ts';
import { type LogStore, logStore } from '../../../shared/store/log-store.ts';
import { HOUR } from '../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { bulkyLogs, freshHour, log } from '../../fixtures/identified-logs.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: LogStore;
beforeAll(async () => {
  table = await startEmbeddedTable();
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
});
afterEach(() => table.faults.order(() => undefined));
afterAll(() => table.close());

const { signal } = new AbortController();
const putAll = (logs: readonly IdentifiedLog[], createdAt = NOW, into = store) =>
  Promise.all(into.putAll(logs, createdAt, signal).puts);
/** What became of a log, in a word. */
const put = async (kept: IdentifiedLog, createdAt = NOW) => (await putAll([kept], createdAt))[0]?.kind;

/** The store over a client that does something else than send some commands. */
const storeOver = (send: (command: object, pass: () => Promise<object>) => Promise<object>): LogStore => {
  const client = {
    send: (command: never, options: never) => send(command, () => table.client.send(command, options)),
  };
  return logStore({ client: client as never, tableName: TABLE_NAME, retentionHours: 48 });
};
/** The answer of a store that does not return the items that it found. */
const withoutItems = (answer: { Responses?: Array<{ Error?: { Item?: unknown } }> }): object => {
  for (const { Error: error } of answer.Responses ?? []) if (error) error.Item = undefined;
  return answer;
};
const pageNames = (puts: readonly Put[]) =>
  puts.map((each) => (each.kind === 'failed' ? each.error : JSON.parse(each.log).label.page_name));
const everything = { signal, hasRoom: () => true };
const collect = (window: TimeWindow, applications = APPLICATIONS, now = NOW) =>
  store.collect(window, applications, now, everything);
const ridsOf = (collection: Collection): string[] =>
  [...collection.inOrder()].map(({ document }) => JSON.parse(decodeDocument(document).toString()).label.rid);

describe('putting logs', () => {
  test('any number of copies at once are one log', async () => {
    const window = freshHour();
    const results = await Promise.all(Array.from({ length: 20 }, () => put(log(window.from, 'copy'))));
    expect(results.filter((result) => result === 'stored').length).toBe(1);
    expect(results.filter((result) => result === 'found').length).toBe(19);
    expect((await collect(window)).results).toBe(1);
  });

  test('tells of each, in order, what became of it: the log that is in the store, not the copy', async () => {
    const window = freshHour();
    await putAll([log(window.from, 'there', {}, 'first')], NOW - 5 * HOUR);
    const [fresh, found] = await putAll([
      log(window.from, 'fresh', {}, 'new'),
      log(window.from, 'there', {}, 'second'),
    ]);
    expect(fresh).toEqual({ kind: 'stored', log: JSON.stringify(log(window.from, 'fresh', {}, 'new').log) });
    expect(found).toEqual({
      kind: 'found',
      log: JSON.stringify(log(window.from, 'there', {}, 'first').log),
      createdAt: NOW - 5 * HOUR,
      expired: false,
    });
  });

  test('of equal keys in one call the first is put, and the others are its copies', async () => {
    const window = freshHour();
    table.faults.order(() => undefined);
    const puts = await putAll(['one', 'two', 'three'].map((note) => log(window.from, 'same', {}, note)));
    expect(puts.map(({ kind }) => kind)).toEqual(['stored', 'found', 'found']);
    expect(pageNames(puts)).toEqual(['one', 'one', 'one']);
    expect(puts[1]).toMatchObject({ createdAt: NOW, expired: false });
    expect(table.faults.operations).toContain('BatchExecuteStatement');
  });

  test('what fails is the failure of its own log and of its copies alone', async () => {
    const window = freshHour();
    const failing = storeOver(async (command, pass) => {
      if (JSON.stringify(command).includes('#bad')) throw new Error('of the store');
      return pass();
    });
    const logs = ['good', 'bad', 'bad', 'better'].map((id) => log(window.from, id));
    const puts = await putAll(logs, NOW, failing);
    expect(puts.map(({ kind }) => kind)).toEqual(['stored', 'failed', 'failed', 'stored']);
    expect(puts[1]).toEqual({ kind: 'failed', error: new Error('of the store') });
  });

  test('a request that never ends fails its puts when the time is over; the others are stored long before', async () => {
    const window = freshHour();
    const hanging = storeOver((command, pass) =>
      JSON.stringify(command).includes('#late') ? new Promise(() => {}) : pass(),
    );
    const logs = Array.from({ length: 100 }, (_, i) => log(window.from, i === 7 ? 'late' : `id-${i}`));
    const time = new AbortController();
    // The intent names every log: only the requests that put logs hang.
    const { puts } = hanging.putAll(logs, NOW, time.signal);
    const others = await Promise.all(puts.slice(25));
    expect(others.every(({ kind }) => kind === 'stored')).toBe(true);
    time.abort(new Error('too late'));
    const late = await Promise.all(puts.slice(0, 25));
    expect(late).toEqual(late.map(() => ({ kind: 'failed', error: new Error('too late') })));
    expect((await collect(window)).results).toBe(75);
  });

  test('when the time is over before it begins, nothing is put', async () => {
    const window = freshHour();
    const { puts } = store.putAll([log(window.from, 'a')], NOW, AbortSignal.abort());
    expect((await Promise.all(puts)).map(({ kind }) => kind)).toEqual(['failed']);
    expect((await collect(window)).results).toBe(0);
  });

  test('the first one stored stays, with its lifetime', async () => {
    const window = freshHour();
    await put(log(window.from, 'first', {}, 'one'), NOW - 47 * HOUR);
    expect(await put(log(window.from, 'first', {}, 'two'), NOW)).toBe('found');
    const [kept] = [...(await collect(window)).inOrder()];
    expect(JSON.parse(String(kept && decodeDocument(kept.document))).label.page_name).toBe('one');
    expect((await collect(window, APPLICATIONS, NOW + HOUR)).results).toBe(0);
  });

  test('twelve hours beyond its lifetime, a copy is that log, and stays as expired as it is', async () => {
    const window = freshHour();
    await putAll([log(window.from, 'old', {}, 'one')], NOW);
    for (const [age, expired] of [
      [48 * HOUR - 1, false],
      [48 * HOUR, true],
      [60 * HOUR - 1, true],
    ] as const) {
      const [found] = await putAll([log(window.from, 'old', {}, 'two')], NOW + age);
      expect(found).toMatchObject({ kind: 'found', createdAt: NOW, expired });
    }
    expect((await collect(window, APPLICATIONS, NOW + 48 * HOUR)).results).toBe(0);
  });

  test('a copy that comes later still is a new log, whether DynamoDB has deleted the old one or not', async () => {
    const window = freshHour();
    await putAll([log(window.from, 'old', {}, 'one')], NOW);
    const later = NOW + 60 * HOUR;
    const again = await putAll([log(window.from, 'old', {}, 'two')], later);
    expect(again.map(({ kind }) => kind)).toEqual(['stored']);
    expect(pageNames(again)).toEqual(['two']);
    const [kept] = [...(await collect(window, APPLICATIONS, later + 48 * HOUR - 1)).inOrder()];
    expect(JSON.parse(String(kept && decodeDocument(kept.document))).label.page_name).toBe('two');
  });

  test('works on a store that does not tell what it found: it is read', async () => {
    const window = freshHour();
    const silent = storeOver(async (_, pass) => withoutItems(await pass()));
    await putAll([log(window.from, 'there', {}, 'first')], NOW - HOUR);
    const [found] = await putAll([log(window.from, 'there', {}, 'second')], NOW, silent);
    expect(found).toMatchObject({ kind: 'found', createdAt: NOW - HOUR, expired: false });
    expect(pageNames(found ? [found] : [])).toEqual(['first']);
  });

  test('a log that was found and is gone when it is read has failed, so that it comes again', async () => {
    const window = freshHour();
    const gone = storeOver(async (command, pass) => {
      if (command.constructor.name === 'GetItemCommand') return {};
      return withoutItems(await pass());
    });
    await put(log(window.from, 'there'));
    const [found] = await putAll([log(window.from, 'there')], NOW, gone);
    expect(found).toMatchObject({ kind: 'failed' });
    expect(String(found?.kind === 'failed' && found.error)).toContain('is not there any more');
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
    // The head, the intent and the log; the seal may still be under way.
    expect(table.faults.operations.length).toBeGreaterThanOrEqual(9);
  });

  test('a put whose answer was lost is stored once', async () => {
    const window = freshHour();
    await put(log(window.from, 'lost answer'));
    table.faults.order((_, n) => (n === 1 ? 'reset' : undefined));
    expect(await put(log(window.from, 'lost answer'))).toBe('found');
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
