import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeDocument } from '../../shared/log/document-codec.ts';
import { dynamoDbArchiveStates } from '../../shared/store/archive/dynamodb-archive-states.ts';
import { startEmbeddedTable } from '../fixtures/embedded-table.ts';
import { type KeptItems, keptItems, putItems, WRITTEN_AT } from './fixtures.ts';
import { bodyOf, thisRelease } from './release.ts';

/** What an earlier release stored is read by this one (docs/upgrades.md#the-rule). */

const { signal } = new AbortController();
let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterAll(() => table.close());

/** The functions of this release over a table of their own with what an earlier release stored. */
async function upgraded(name: string) {
  const tableName = `upgraded-${name}`;
  const kept = keptItems(name);
  await table.createTable(tableName);
  await putItems(table.client, tableName, kept.items);
  return { kept, release: thisRelease(table.client, tableName) };
}

const logsOf = (kept: KeptItems, ...missing: string[]) =>
  kept.logs.filter(({ id }) => !missing.includes(id)).map(({ log }) => log);
const idsOf = (events: readonly { readonly event: { readonly id: string } }[]) =>
  events.map(({ event }) => event.id).toSorted();

describe('logs that an earlier release stored', () => {
  test.each(['items-deflate', 'items-zstd'])('before the feed are in a window: %s', async (name) => {
    const { kept, release } = await upgraded(name);
    const [page] = await bodyOf(await release.window());
    expect(page.securityLogs).toEqual(logsOf(kept));
    expect(await bodyOf(await release.feed())).toMatchObject({ events: [], has_more: false });
  });

  test('without compression are read', () => {
    const { short = '' } = keptItems('items-deflate');
    expect(decodeDocument(Buffer.from(short, 'base64')).toString()).toBe('{}');
  });

  test.each([
    ['items-feed', 'feed'],
    ['items-delivery-records', 'records'],
  ])('in slots of the feed are in a window and in the feed: %s', async (name, era) => {
    const { kept, release } = await upgraded(name);
    const lost = `${era}-5`;
    const [page] = await bodyOf(await release.window());
    expect(page.securityLogs).toEqual(logsOf(kept, lost));
    const before = await bodyOf(await release.feed());
    expect(idsOf(before.events)).toEqual([1, 2, 3, 6].map((n) => `${era}-${n}`));

    // What the earlier release began and did not finish, this one finishes.
    await release.resolve({ kind: 'all' }, signal);
    const [whole] = await bodyOf(await release.window());
    expect(whole.securityLogs).toEqual(logsOf(kept));
    const after = await bodyOf(await release.feed({ cursor: before.cursor }));
    expect(idsOf(after.events)).toEqual([4, 5].map((n) => `${era}-${n}`));
  });

  test.each([
    ['items-feed', 'feed'],
    ['items-delivery-records', 'records'],
  ])('come after the cursor that an earlier release gave out: %s', async (name, era) => {
    const tableName = `cursor-${name}`;
    const { cursor = '', items } = keptItems(name);
    await table.createTable(tableName);
    await putItems(table.client, tableName, items);
    const { events } = await bodyOf(await thisRelease(table.client, tableName).feed({ cursor }));
    expect(idsOf(events)).toEqual([2, 3, 6].map((n) => `${era}-${n}`));
  });

  test('with the records of their deliveries are listed, also after an earlier cursor', async () => {
    const tableName = 'records';
    const { deliveriesCursor = '', items } = keptItems('items-delivery-records');
    await table.createTable(tableName);
    await putItems(table.client, tableName, items);
    const release = thisRelease(table.client, tableName);
    const states = async (parameters: Record<string, string>) =>
      (await bodyOf(await release.deliveries(parameters))).deliveries.map(
        ({ event_id, state, attempts, status }: Record<string, unknown>) => [
          event_id,
          state,
          attempts,
          status,
        ],
      );
    const all = [
      ['records-1', 'delivered', 2, 204],
      ['records-2', 'waiting', 1, 503],
      ['records-3', 'failed', 4, undefined],
      ['records-4', 'unknown', undefined, undefined],
      ['records-6', 'expired', 0, undefined],
    ];
    expect(await states({})).toEqual(all);
    expect(await states({ cursor: deliveriesCursor })).toEqual(all.slice(1));
  });
});

test('the archive goes on with the batch that an earlier release began', async () => {
  const tableName = 'archive';
  await table.createTable(tableName);
  await putItems(table.client, tableName, keptItems('archive-state').items);
  const state = await dynamoDbArchiveStates({ client: table.client, tableName }).read(signal);
  expect(state).toMatchObject({
    revision: 1,
    cursor: { epoch: 'epoch-1', t: WRITTEN_AT + 1 },
    batch: {
      name: '2026/11/22/12/name.jsonl.zst',
      logs: 5,
      form: { format: 'published', compression: 'zstd' },
    },
  });
  expect(state.batch?.to.positions.get(1)).toEqual({ number: 1, members: 2 });
});
