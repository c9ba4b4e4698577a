import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorName } from '../../functions/error-name.ts';
import { apiKeyGuard } from '../../functions/http/api-key.ts';
import { NoResolveRequest, resolveBatch } from '../../functions/ingest/resolve.ts';
import type { Resolution } from '../../functions/ingest/resolve-report.ts';
import { formatChecked, parseChecked } from '../../shared/checked-text.ts';
import { parseKeySecret } from '../../shared/keys/key-secret.ts';
import { dynamoDbArchiveStates } from '../../shared/store/archive/dynamodb-archive-states.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { UnknownVersion } from '../../shared/unknown-version.ts';
import { attributesOf, newMessage, startProcess } from '../fixtures/deliver-process.ts';
import { startEmbeddedTable } from '../fixtures/embedded-table.ts';
import { keptItems, putItems, WRITTEN_AT } from './fixtures.ts';
import { NOW, thisRelease } from './release.ts';

/** What a later release wrote fails before the first byte, and says which version it is (docs/upgrades.md#the-rule). */

const { signal } = new AbortController();
let table: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  table = await startEmbeddedTable();
});
afterAll(() => table.close());

const LATER = 9;
const kept = keptItems('items-delivery-records');
let tables = 0;
let tableName: string;
let release: ReturnType<typeof thisRelease>;
beforeEach(async () => {
  tableName = `later-${tables++}`;
  await table.createTable(tableName);
  await putItems(table.client, tableName, kept.items);
  release = thisRelease(table.client, tableName);
});

/** Changes an attribute of an item, as a later release might have written it. */
const change = (pk: string, sk: string, attribute: string, value: unknown) =>
  table.client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: { pk, sk },
      UpdateExpression: 'SET #a = :value',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: { ':value': value },
    }),
  );

/** The bytes of a kept attribute, as a later version. */
function later(sk: string, attribute: string): Buffer {
  const item = kept.items.find((each) => each['pk']?.S === 'feed#0' && each['sk']?.S === sk);
  const bytes = Buffer.from(item?.[attribute]?.B ?? '', 'base64');
  bytes.writeUInt8(LATER, 0);
  return bytes;
}

const says = (words: string) =>
  expect.objectContaining({ version: LATER, message: expect.stringContaining(words) });

describe('a later version', () => {
  test('of a document fails a window', async () => {
    const { partitionKey, sortKey } = logKey('player', WRITTEN_AT - 599_000, 'records-1');
    await change(partitionKey, sortKey, 'doc', Buffer.of(LATER, 0, 0, 2, 1, 1));
    await expect(release.window()).rejects.toEqual(
      says('a stored document of version 9, which this release cannot read; it reads 0, 1, 2'),
    );
  });

  test.each([
    ['the head', 'feed#head', 'head', 'v', LATER],
    ['a slot', 'feed#0', '000000000000001#0', 'v', LATER],
    ['a seal item', 'feed#0', '000000000000001#1', 'v', LATER],
    ['an intent', 'feed#0', '000000000000001#0', 'intent', later('000000000000001#0', 'intent')],
    ['a seal', 'feed#0', '000000000000001#1', 'seal', later('000000000000001#1', 'seal')],
  ])('of %s fails the feed', async (_, pk, sk, attribute, value) => {
    await change(pk, sk, attribute, value);
    await expect(release.feed()).rejects.toEqual(
      says('of version 9, which this release cannot read; it reads 1'),
    );
  });

  test('of a cursor of the feed is refused', async () => {
    const [, ...others] = parseChecked(kept.cursor ?? '') as unknown[];
    await expect(release.feed({ cursor: formatChecked([LATER, ...others]) })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_cursor',
      message: expect.stringMatching(/, of version 1; this one is of version 9$/),
    });
  });

  test('of a cursor of deliveries is refused', async () => {
    const [, ...others] = parseChecked(kept.deliveriesCursor ?? '') as unknown[];
    await expect(release.deliveries({ cursor: formatChecked([LATER, ...others]) })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_cursor',
      message: expect.stringMatching(/, of version 1; this one is of version 9$/),
    });
  });

  test('of the key in a cursor of deliveries is refused', async () => {
    const cursor = formatChecked([1, '9#player#3', '001795348201000#records-1']);
    await expect(release.deliveries({ cursor })).rejects.toMatchObject({
      status: 400,
      code: 'invalid_cursor',
      message: expect.stringMatching(/, with keys of version 1; this one has keys of version 9$/),
    });
  });

  test('of the state of the archive stops the archive', async () => {
    const states = dynamoDbArchiveStates({ client: table.client, tableName });
    const Item = { pk: 'archive#state', sk: 'state', v: LATER, form: 'another' };
    await table.client.send(new PutCommand({ TableName: tableName, Item }));
    await expect(states.read(signal)).rejects.toEqual(
      says('the state of the archive of version 9, which this release cannot read; it reads 1'),
    );
  });

  test('of the document of API keys opens nothing, and is no wrong key', async () => {
    const text = JSON.stringify({ version: LATER, keyring: 'of another form' });
    expect(() => parseKeySecret(text)).toThrow(
      says('the document of API keys of version 9, which this release cannot read; it reads 1'),
    );
    const identify = apiKeyGuard(
      async () => text,
      () => NOW,
    );
    await expect(identify('any key')).rejects.toBeInstanceOf(UnknownVersion);
  });
});

describe('a message of a later release', () => {
  test('that asks to resolve in another way goes back, and ends as a dead letter', async () => {
    const reported: Resolution[] = [];
    const handle = resolveBatch({
      resolve: () => Promise.reject(new Error('not asked')),
      report: (resolutions) => reported.push(...resolutions),
    });
    expect(await handle([{ messageId: 'one', body: '{"kind":"shard","shard":1}' }], signal)).toEqual(['one']);
    expect(reported).toMatchObject([{ error: new NoResolveRequest() }]);
    expect(String(reported[0]?.error)).toContain('this release reads the kinds slot, all');
  });

  test('that announces in another way goes to the dead-letter queue with the reason', async () => {
    const process = startProcess();
    const body = JSON.stringify({
      source: 'security-logs',
      'detail-type': 'Security Log Stored',
      detail: { keys: [] },
    });
    expect(await process.handle(newMessage(body))).toEqual([]);
    expect(process.sent).toMatchObject([{ QueueUrl: 'dead', MessageBody: body }]);
    expect(process.sent.map(attributesOf)).toMatchObject([{ Reason: 'not an announcement of a stored log' }]);
  });
});

test('the name of the error says the version, because its message names nothing else', () => {
  expect(errorName(new UnknownVersion('a thing', LATER, [1, 2]))).toBe(
    'UnknownVersion: found a thing of version 9, which this release cannot read; it reads 1, 2',
  );
});
