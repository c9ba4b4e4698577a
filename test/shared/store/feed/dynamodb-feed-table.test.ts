import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { UnknownFeedVersion } from '../../../../shared/feed/feed-errors.ts';
import type { FeedTable, Intent, Void } from '../../../../shared/feed/feed-table.ts';
import { dynamoDbFeedTable } from '../../../../shared/store/feed/dynamodb-feed-table.ts';
import { HOUR, SECOND } from '../../../../shared/time.ts';
import { startEmbeddedTable } from '../../../fixtures/embedded-table.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const LIFETIMES = [{ since: NOW, hours: 48 }];
const CONSISTENT = { consistent: true };
const HEAD = { pk: 'feed#head', sk: 'head' };

let embedded: Awaited<ReturnType<typeof startEmbeddedTable>>;
beforeAll(async () => {
  embedded = await startEmbeddedTable();
});
afterEach(() => embedded.faults.order(() => undefined));
afterAll(() => embedded.close());

let tables = 0;
let tableName: string;
let table: FeedTable;
const open = (signal = new AbortController().signal): FeedTable =>
  dynamoDbFeedTable({ client: embedded.client, tableName })(signal);
beforeEach(async () => {
  tableName = `feed-${tables++}`;
  await embedded.createTable(tableName);
  table = open();
});

/** Changes one attribute of an item, as no release would. */
const tamper = (Key: { pk: string; sk: string }, attribute: string, value: unknown) =>
  embedded.client.send(
    new UpdateCommand({
      TableName: tableName,
      Key,
      UpdateExpression: value === undefined ? 'REMOVE #a' : 'SET #a = :value',
      ExpressionAttributeNames: { '#a': attribute },
      ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
    }),
  );

const intent = (nonce: string, logs = Buffer.from('logs')): Intent => ({
  kind: 'intent',
  nonce,
  at: NOW,
  logs,
});
const VOID: Void = { kind: 'void', at: NOW };
const allocate = (shard: number, epoch = 'e') => table.allocate(shard, { epoch, lifetimes: LIFETIMES });

describe('the head', () => {
  test('is not there before the first batch; whoever comes first makes it, and it keeps its epoch', async () => {
    expect(await table.readHead(CONSISTENT)).toBeUndefined();
    const head = await allocate(2, 'first');
    expect(head).toEqual({
      epoch: 'first',
      numbers: new Map([[2, 1]]),
      settled: new Map(),
      lifetimes: LIFETIMES,
    });
    expect(await table.allocate(2, { epoch: 'second', lifetimes: [] })).toEqual({
      ...head,
      numbers: new Map([[2, 2]]),
    });
    expect(await allocate(31)).toMatchObject({
      numbers: new Map([
        [2, 2],
        [31, 1],
      ]),
    });
    expect(await table.readHead({ consistent: false })).toMatchObject({ epoch: 'first' });
  });

  test('gives each number out once, whoever asks at the same time', async () => {
    const heads = await Promise.all(Array.from({ length: 40 }, () => allocate(0)));
    const numbers = heads.map((head) => head.numbers.get(0)).toSorted((a = 0, b = 0) => a - b);
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  test('takes another history of lifetimes only from who knows the present one', async () => {
    await allocate(0);
    const other = [...LIFETIMES, { since: NOW + HOUR, hours: 200 }];
    expect(await table.replaceLifetimes([], other)).toBe(false);
    expect(await table.replaceLifetimes(LIFETIMES, other)).toBe(true);
    expect(await table.replaceLifetimes(LIFETIMES, [])).toBe(false);
    expect(await table.readHead(CONSISTENT)).toMatchObject({ lifetimes: other });
  });

  test('notes the highest settled number; where there is no head, none is made', async () => {
    await table.noteSettled(0, 5);
    expect(await table.readHead(CONSISTENT)).toBeUndefined();
    await allocate(0);
    for (const number of [3, 10, 9, 10]) await table.noteSettled(0, number);
    await table.noteSettled(1, 1);
    expect(await table.readHead(CONSISTENT)).toMatchObject({
      settled: new Map([
        [0, 10],
        [1, 1],
      ]),
    });
  });

  test('is never deleted by its age', async () => {
    await allocate(0);
    const { Item } = await embedded.client.send(new GetCommand({ TableName: tableName, Key: HEAD }));
    expect(Item).toEqual({ ...HEAD, v: 1, epoch: 'e', lifetimes: JSON.stringify(LIFETIMES), q0: 1 });
  });

  test('of a later release is not read, and nothing is allocated with it', async () => {
    await allocate(0);
    await tamper(HEAD, 'v', 2);
    await expect(table.readHead(CONSISTENT)).rejects.toThrow(UnknownFeedVersion);
    await expect(allocate(0)).rejects.toThrow('(head) of version 2');
  });

  test.each([
    ['v', undefined],
    ['v', 0],
    ['lifetimes', 'no JSON'],
    ['lifetimes', '[{"since":"yesterday"}]'],
    ['lifetimes', undefined],
  ])('that is damaged (%s: %s) is an error: nothing can be known without it', async (attribute, value) => {
    await allocate(0);
    await tamper(HEAD, attribute, value);
    await expect(table.readHead(CONSISTENT)).rejects.toThrow();
  });
});

describe('the content of a slot', () => {
  const name = { shard: 1, number: 7 };

  test('is put once: who comes later gets what is there', async () => {
    expect(await table.putContent(name, intent('mine'), NOW + HOUR)).toBeUndefined();
    expect(await table.putContent(name, VOID, NOW + HOUR)).toEqual(intent('mine'));
    expect(await table.putContent(name, intent('other'), NOW + HOUR)).toEqual(intent('mine'));
    expect(await table.putContent({ ...name, number: 8 }, VOID, NOW + HOUR)).toBeUndefined();
    expect(await table.putContent({ ...name, number: 8 }, intent('late'), NOW + HOUR)).toEqual(VOID);
  });

  test('whose put was answered by a broken connection is found by the next attempt', async () => {
    table = open();
    embedded.faults.order((_, n) => (n < 3 ? 'reset' : undefined));
    expect(await table.putContent(name, intent('mine'), NOW + HOUR)).toBeUndefined();
    expect(await table.putContent(name, intent('mine'), NOW + HOUR)).toEqual(intent('mine'));
  });

  test('is put by one of many', async () => {
    const puts = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        table.putContent(name, i % 2 ? VOID : intent(String(i)), NOW + HOUR),
      ),
    );
    expect(puts.filter((found) => found === undefined).length).toBe(1);
    expect(
      new Set(puts.filter((found) => found !== undefined).map((found) => JSON.stringify(found))).size,
    ).toBe(1);
  });

  test('of a later release is found as such', async () => {
    await table.putContent(name, intent('mine'), NOW + HOUR);
    await tamper({ pk: 'feed#1', sk: '000000000000007#0' }, 'v', 2);
    await expect(table.putContent(name, VOID, NOW + HOUR)).rejects.toThrow(UnknownFeedVersion);
  });

  test('fails when the time is over', async () => {
    const over = open(AbortSignal.abort(new Error('too late')));
    for (const work of [
      () => over.putContent(name, VOID, NOW),
      () => over.readHead(CONSISTENT),
      () => over.readSlots(0, 0, 1, CONSISTENT),
    ])
      await expect(work()).rejects.toThrow('too late');
  });
});

describe('a seal', () => {
  test('stays as it was put first, and expires with its slot, in whole seconds', async () => {
    const name = { shard: 0, number: 1 };
    await table.putContent(name, intent('mine'), NOW + 1);
    await table.putSeal(name, Buffer.from('first'), NOW + 1);
    await table.putSeal(name, Buffer.from('second'), NOW + HOUR);
    const { slots, isEnd } = await table.readSlots(0, 0, 10, CONSISTENT);
    const expiresAt = NOW + SECOND;
    expect(slots).toEqual([{ number: 1, content: intent('mine'), seal: Buffer.from('first'), expiresAt }]);
    expect(isEnd).toBe(true);
    const Key = { pk: 'feed#0', sk: '000000000000001#1' };
    const { Item } = await embedded.client.send(new GetCommand({ TableName: tableName, Key }));
    expect(Item).toMatchObject({ expiresAt: expiresAt / SECOND });
  });
});
