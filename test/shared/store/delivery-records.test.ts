import { randomBytes } from 'node:crypto';
import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeliveryRecord, decodeRecord } from '../../../shared/delivery/delivery-record.ts';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import type { IdentifiedLog } from '../../../shared/event/security-event.ts';
import { feedReader } from '../../../shared/feed/read-feed.ts';
import { deliveryWriter } from '../../../shared/store/delivery-writer.ts';
import { dynamoDbFeedTable } from '../../../shared/store/feed/dynamodb-feed-table.ts';
import { WRITE_UNIT } from '../../../shared/store/item-size.ts';
import { logKey } from '../../../shared/store/log-key.ts';
import { logStore } from '../../../shared/store/log-store.ts';
import { LOG_TABLE } from '../../../shared/store/log-table.ts';
import { HOUR } from '../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { freshHour, log } from '../../fixtures/identified-logs.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const { signal } = new AbortController();

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let store: ReturnType<typeof logStore>;
let record: ReturnType<typeof deliveryWriter>;
beforeAll(async () => {
  table = await startEmbeddedTable();
  store = logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 });
  record = deliveryWriter(table.client, TABLE_NAME);
});
afterAll(() => table.close());

const keyOf = ({ application, timestamp, id }: IdentifiedLog) => logKey(application, timestamp, id);
const put = async (kept: IdentifiedLog) => {
  const { puts, finished } = store.putAll([kept], NOW, signal);
  await Promise.all(puts);
  await finished;
  return keyOf(kept);
};
async function itemAt({ partitionKey, sortKey }: ReturnType<typeof keyOf>) {
  const Key = { [LOG_TABLE.partitionKey]: { S: partitionKey }, [LOG_TABLE.sortKey]: { S: sortKey } };
  const input = {
    TableName: TABLE_NAME,
    Key,
    ConsistentRead: true,
    ReturnConsumedCapacity: 'TOTAL',
  } as const;
  return (await table.client.send(new GetItemCommand(input))).Item;
}
const recordAt = async (key: ReturnType<typeof keyOf>) =>
  decodeRecord((await itemAt(key))?.[LOG_TABLE.delivery]?.S ?? '');

const at = (seconds: number): number => NOW + 1000 * seconds;
const waiting = (seconds: number): DeliveryRecord => ({
  state: 'waiting',
  attempts: seconds,
  at: at(seconds),
  durationMs: 120,
  reason: 'the service could not be reached: ECONNREFUSED',
  firstFailedAt: NOW,
  nextAttemptAt: at(seconds + 5),
});
const delivered = (seconds: number): DeliveryRecord => ({ state: 'delivered', attempts: 1, at: at(seconds) });

describe('a record', () => {
  test('changes nothing else of the item, and no byte of what a window, the feed and a key give', async () => {
    const window = freshHour();
    const key = await put(log(window.from, 'the-log'));
    const read = async () => {
      const { inOrder, ...totals } = await store.collect(window, APPLICATIONS, NOW, {
        signal,
        hasRoom: () => true,
      });
      const readFeed = feedReader({
        openTable: dynamoDbFeedTable({ client: table.client, tableName: TABLE_NAME }),
        retentionHours: 48,
        now: () => NOW,
      });
      const request = {
        start: { kind: 'oldest' },
        limit: 100,
        applications: APPLICATIONS,
        maxBytes: 1e6,
      } as const;
      const { logs, cursor } = await readFeed({ ...request, readUntil: Date.now() + HOUR }, signal);
      return [[...inOrder()], totals, await store.get(key, NOW, signal), [...logs].map(String), cursor];
    };
    const [before, itemBefore] = [await read(), await itemAt(key)];
    expect(JSON.stringify(before)).toContain('the-log');
    await record(key, waiting(1), undefined, signal);
    const { [LOG_TABLE.delivery]: written, ...itemAfter } = (await itemAt(key)) ?? {};
    expect(written?.S).toBeDefined();
    expect(itemAfter).toEqual(itemBefore);
    expect(await read()).toEqual(before);
  });

  test('is that of the latest attempt, in whichever order attempts are recorded', async () => {
    const key = await put(log(freshHour().from, 'order'));
    for (const seconds of [1, 30, 2, 30, 29]) await record(key, waiting(seconds), undefined, signal);
    expect(await recordAt(key)).toEqual(waiting(30));
  });

  test('that a log was delivered stays, whatever becomes of copies and of older attempts', async () => {
    const key = await put(log(freshHour().from, 'delivered'));
    await record(key, waiting(10), undefined, signal);
    await record(key, delivered(5), undefined, signal);
    await record(key, { ...waiting(20), state: 'failed' }, undefined, signal);
    await record(key, { ...waiting(30), state: 'expired' }, undefined, signal);
    expect(await recordAt(key)).toMatchObject(delivered(5));
  });

  test('never makes an item, and is not written into another one', async () => {
    const gone = logKey('player', freshHour().from, 'gone');
    await record(gone, waiting(1), undefined, signal);
    expect(await itemAt(gone)).toBeUndefined();
    const head = { partitionKey: 'feed#head', sortKey: 'head' };
    const before = await itemAt(head);
    expect(before).toBeDefined();
    await record(head, waiting(1), undefined, signal);
    expect(await itemAt(head)).toEqual(before);
  });

  test('that cannot be written is an error, and so is a table that does not answer', async () => {
    const key = await put(log(freshHour().from, 'failing'));
    table.faults.order((operation) => (operation === 'UpdateItem' ? 'refuse' : undefined));
    await expect(record(key, waiting(1), undefined, signal)).rejects.toThrow();
    table.faults.order(() => undefined);
    await expect(record(key, waiting(1), undefined, AbortSignal.abort(new Error('late')))).rejects.toThrow(
      'late',
    );
  });
});

describe('the write units of a record', () => {
  const longest: DeliveryRecord = {
    ...waiting(86_400),
    attempts: 99_999,
    durationMs: 14_000,
    status: 503,
    reason: 'x'.repeat(1000),
  };
  /** What DynamoDB counts for an item, by its published rules, counted here from its protocol. */
  const sizeOf = (item: Record<string, { S?: string; N?: string; B?: Uint8Array }>): number =>
    Object.entries(item).reduce(
      (sum, [name, { S, N, B }]) =>
        sum + name.length + (S ? Buffer.byteLength(S) : (B?.length ?? Math.ceil((N?.length ?? 0) / 2) + 1)),
      0,
    );
  const unitsOf = (bytes: number): number => Math.ceil(bytes / WRITE_UNIT);

  test.each([0, 100, 200, 300, 350, 400, 430])(
    'are those of the log, which has about %i bytes that do not compress',
    async (noise) => {
      const key = await put(
        log(freshHour().from, `units-${noise}`, {}, randomBytes(noise).toString('base64')),
      );
      const found = await store.get(key, NOW, signal);
      const logBytes = sizeOf((await itemAt(key)) as never);
      expect(found?.itemBytes).toBe(logBytes);
      await record(key, longest, found?.itemBytes, signal);
      const bytes = sizeOf((await itemAt(key)) as never);
      // In the last bytes of a unit, a record without its reason has no room either.
      const isFull = unitsOf(logBytes) * WRITE_UNIT - logBytes < 90;
      if (!isFull) expect(unitsOf(bytes)).toBe(unitsOf(logBytes));
      expect(bytes - logBytes).toBeLessThanOrEqual(180);
      // The size that is found again has no record in it.
      expect((await store.get(key, NOW, signal))?.itemBytes).toBe(logBytes);
    },
  );

  test('are one where the log leaves some 90 bytes of its one, with as much of the reason as there is room for', async () => {
    const { rid: _, ...label } = log(0, 'x').log.label;
    // The item has the rid as it is, and of so regular a text the document has a few bytes.
    const withRid = (length: number): IdentifiedLog => {
      const each = log(freshHour().from, 'x');
      return { ...each, log: { ...each.log, label: { ...label, rid: 'y'.repeat(length) } } };
    };
    const probe = (await store.get(await put(withRid(300)), NOW, signal))?.itemBytes ?? 0;
    for (const free of [95, 120, 170]) {
      const key = await put(withRid(300 + WRITE_UNIT - free - probe));
      const found = await store.get(key, NOW, signal);
      const left = WRITE_UNIT - (found?.itemBytes ?? 0);
      expect(Math.abs(left - free)).toBeLessThanOrEqual(5);
      await record(key, longest, found?.itemBytes, signal);
      expect(sizeOf((await itemAt(key)) as never)).toBeLessThanOrEqual(WRITE_UNIT);
      expect(await recordAt(key)).toMatchObject({ state: 'waiting', attempts: 99_999, status: 503 });
    }
  });
});
