import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingest } from '../../../functions/ingest/ingest.ts';
import { accountOfArn } from '../../../functions/sqs-batch.ts';
import { logStore } from '../../../shared/store/log-store.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../fixtures/embedded-table.ts';
import { envelope } from '../../fixtures/security-events.ts';

const OWN = accountOfArn('arn:aws:sqs:eu-west-1:111111111111:ingest');
const OTHER = '222222222222';

let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
let handle: ReturnType<typeof ingest>;
beforeAll(async () => {
  table = await startEmbeddedTable();
  handle = ingest({
    store: logStore({ client: table.client, tableName: TABLE_NAME, retentionHours: 48 }),
    announceStored: false,
    openPublisher: () => ({ publish: async () => undefined, flush: () => undefined }),
    report: () => undefined,
    now: Date.now,
  });
});
afterAll(() => table.close());

const { signal } = new AbortController();
/** Stores an event of an account. */
const store = async (id: string, account: unknown) => {
  const detail = { event: { action: 'OPENED', id }, label: { rid: id } };
  const body = JSON.stringify(envelope(detail, { account }));
  expect(await handle([{ messageId: id, body }], { storing: signal, announcing: signal }, OWN)).toEqual([]);
};
/** The account that is kept with a log. */
const publisherOf = async (rid: string): Promise<unknown> => {
  const { Items = [] } = await table.client.send(
    new ScanCommand({
      TableName: TABLE_NAME,
      FilterExpression: 'rid = :rid',
      ExpressionAttributeValues: { ':rid': rid },
      ConsistentRead: true,
    }),
  );
  expect(Items).toHaveLength(1);
  return Items[0]?.['publisherAccount'];
};

describe('the account that published an event', () => {
  test('is kept with the log if it is not that of the service', async () => {
    await store('of-another', OTHER);
    expect(await publisherOf('of-another')).toBe(OTHER);
  });

  test('takes no byte if it is that of the service', async () => {
    await store('of-ours', '111111111111');
    expect(await publisherOf('of-ours')).toBeUndefined();
  });

  test('stays that of the first, whoever publishes a copy', async () => {
    await store('copied', OTHER);
    await store('copied', '333333333333');
    expect(await publisherOf('copied')).toBe(OTHER);
  });

  test.each([undefined, 7, '12', { a: 1 }])(
    'is not kept, and hides no event, if it is %j',
    async (account) => {
      const id = `odd-${JSON.stringify(account)}`;
      await store(id, account);
      expect(await publisherOf(id)).toBeUndefined();
    },
  );
});
