import { afterAll, beforeAll, expect, test } from 'vitest';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import { type LogStore, logStore } from '../../../shared/store/log-store.ts';
import { HOUR } from '../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { freshHour, log } from '../../fixtures/identified-logs.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const { signal } = new AbortController();
const everything = { signal, hasRoom: () => true };

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: LogStore;
beforeAll(async () => {
  table = await startEmbeddedTable();
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
});
afterAll(() => table.close());

const put = (logs: readonly IdentifiedLog[], createdAt: number) =>
  Promise.all(store.putAll(logs, createdAt, signal).puts);

test('logs can be collected with the time of storing, and those that match alone', async () => {
  const window = freshHour();
  await put([log(window.from, 'a'), log(window.from + 1, 'b')], NOW - HOUR);
  await put([log(window.from + 2, 'c')], NOW);
  const options = { withCreatedAt: true, matches: (json: Buffer) => !json.includes('"rid":"b"') };
  const collection = await store.collect(window, APPLICATIONS, NOW, everything, options);
  const found = [...collection.inOrder()].map(({ sortKey, createdAt }) => [sortKey.slice(-1), createdAt]);
  expect(found).toEqual([
    ['a', NOW - HOUR],
    ['c', NOW],
  ]);
  expect([collection.results, collection.read]).toEqual([2, 3]);
  const [plain] = [...(await store.collect(window, APPLICATIONS, NOW, everything)).inOrder()];
  expect(Object.keys(plain ?? {})).toEqual(['sortKey', 'document']);
});
