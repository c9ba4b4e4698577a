import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import { dynamoDbFeedTable } from '../../../shared/store/feed/dynamodb-feed-table.ts';
import { logKey } from '../../../shared/store/log-key.ts';
import { logStore } from '../../../shared/store/log-store.ts';
import { HOUR } from '../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { freshHour, log } from '../../fixtures/identified-logs.ts';

const NOW = Date.UTC(2026, 10, 22, 12) + 1;

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterAll(() => table.close());

const { signal } = new AbortController();
const storeOf = (retentionHours: number) =>
  logStore({ client: table.client, tableName: TABLE_NAME, retentionHours });

/** What a store with this lifetime finds of a log by then: in a window, by its key, and when a copy is put. */
async function found(retentionHours: number, timestamp: number, now: number) {
  const store = storeOf(retentionHours);
  const window = { from: timestamp, until: timestamp + 1 };
  const { results } = await store.collect(window, APPLICATIONS, now, { signal, hasRoom: () => true });
  const found = await store.get(logKey('player', timestamp, 'kept'), now, signal);
  const [put] = await Promise.all(store.putAll([log(timestamp, 'kept')], now, signal).puts);
  return [results === 1, found?.json !== undefined, put?.kind === 'found' && !put.expired];
}
const READABLE = [true, true, true];
const EXPIRED = [false, false, false];

describe('when the lifetime changes', () => {
  test('a log that was stored under a shorter one does not come back', async () => {
    const { from } = freshHour();
    const putting = storeOf(24).putAll([log(from, 'kept')], NOW, signal);
    await putting.finished;
    for (const retentionHours of [24, 200]) {
      expect(await found(retentionHours, from, NOW + 24 * HOUR - 1)).toEqual(READABLE);
      // DynamoDB counts in whole seconds: what is stored within one can be read until its end.
      expect(await found(retentionHours, from, NOW + 24 * HOUR + 999)).toEqual(EXPIRED);
      expect(await found(retentionHours, from, NOW + 36 * HOUR - 1)).toEqual(EXPIRED);
    }
  });

  test('a log that was stored under a longer one can be read for the shorter one', async () => {
    const { from } = freshHour();
    await storeOf(24).putAll([log(from, 'kept')], NOW + 30 * HOUR, signal).finished;
    expect(await found(10, from, NOW + 40 * HOUR - 1)).toEqual(READABLE);
    expect(await found(10, from, NOW + 40 * HOUR)).toEqual(EXPIRED);
  });
});

describe('a key that somebody made up', () => {
  test.each([
    ['feed#head', 'head'],
    ['feed#0', '000000000000001#0'],
    ['feed#0', '000000000000001#1'],
  ])('of an item of the feed (%s, %s) reads nothing', async (partitionKey, sortKey) => {
    const feed = dynamoDbFeedTable({ client: table.client, tableName: TABLE_NAME })(signal);
    await feed.allocate(0, { epoch: 'e', lifetimes: [{ since: 0, hours: 24 }] });
    const intent = { kind: 'intent', nonce: 'n', at: NOW, logs: Buffer.from('logs') } as const;
    await feed.putContent({ shard: 0, number: 1 }, intent, NOW + HOUR);
    await feed.putSeal({ shard: 0, number: 1 }, Buffer.from('seal'), NOW + HOUR);

    const Key = { pk: partitionKey, sk: sortKey };
    const { Item } = await table.client.send(new GetCommand({ TableName: TABLE_NAME, Key }));
    expect(Item).toMatchObject({ v: 1 });
    expect(await storeOf(24).get({ partitionKey, sortKey }, NOW, signal)).toBeUndefined();
  });
});
