import { crc32 } from 'node:zlib';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createTable, storeClient } from '../../../../local/emulator/dynamodb/create-table.ts';
import { type Store, startStore } from '../../../../local/emulator/dynamodb/embedded-store.ts';

const INSERT = `INSERT INTO "items" VALUE {'pk': ?, 'n': ?}`;

let store: Store;
let client: DynamoDBClient;
/** The partition key of each test's items. */
let pk = 0;
beforeAll(async () => {
  store = await startStore();
  client = storeClient(store.url, 'us-east-1');
  await createTable(client, 'items', {
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  });
  await createTable(client, 'ranges', {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'B' },
    ],
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
  });
});
afterAll(async () => {
  client.destroy();
  await store.close();
});
beforeEach(() => {
  pk += 1;
});

const key = (name: string): AttributeValue => ({ S: `${pk} ${name}` });

const insert = (
  name: string,
  n: string,
  more: Partial<BatchStatementRequest> = {},
): BatchStatementRequest => ({
  Statement: INSERT,
  Parameters: [key(name), { N: n }],
  ...more,
});

async function run(...Statements: BatchStatementRequest[]) {
  const { Responses = [] } = await client.send(new BatchExecuteStatementCommand({ Statements }));
  return Responses;
}

const codes = (responses: BatchStatementResponse[]) => responses.map((response) => response.Error?.Code);

/** The items of this test by their names. */
async function kept(TableName = 'items'): Promise<Record<string, string | undefined>> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName }));
  const own = Items.filter((item) => item['pk']?.S?.startsWith(`${pk} `));
  return Object.fromEntries(own.map((item) => [item['pk']?.S?.slice(`${pk} `.length), item['n']?.N]));
}

describe('BatchExecuteStatement', () => {
  test('puts 25 items, and answers each statement at its place', async () => {
    const names = Array.from({ length: 25 }, (_, n) => String(n));
    expect(await run(...names.map((name) => insert(name, name)))).toEqual(
      names.map(() => ({ TableName: 'items' })),
    );
    expect(await kept()).toEqual(Object.fromEntries(names.map((name) => [name, name])));
  });

  test('leaves an item whose key is there as it is, and puts the others', async () => {
    await run(insert('b', '1'));
    const duplicate = { Code: 'DuplicateItem', Message: 'Duplicate primary key exists in table' };
    expect(await run(insert('a', '2'), insert('b', '2'), insert('c', '2'))).toEqual([
      { TableName: 'items' },
      { TableName: 'items', Error: duplicate },
      { TableName: 'items' },
    ]);
    expect(await kept()).toEqual({ a: '2', b: '1', c: '2' });
  });

  test('tells the item that is there to the statements that ask for it', async () => {
    await run(insert('a', '1'), insert('b', '1'), insert('c', '1'));
    const responses = await run(
      insert('a', '2', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
      insert('b', '2', { ReturnValuesOnConditionCheckFailure: 'NONE' }),
      insert('c', '2'),
      insert('d', '2', { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    );
    expect(responses.map((response) => response.Error?.Item)).toEqual([
      { pk: key('a'), n: { N: '1' } },
      undefined,
      undefined,
      undefined,
    ]);
    expect(responses[3]).toEqual({ TableName: 'items' });
  });

  test('holds two items of one partition apart by their sort keys', async () => {
    const put = (sort: string): BatchStatementRequest => ({
      Statement: `INSERT INTO "ranges" VALUE {'pk': ?, 'sk': ?, 'doc': ?}`,
      Parameters: [key('a'), { B: Buffer.from(sort) }, { M: { a: { L: [{ BOOL: true }, { NULL: true }] } } }],
    });
    await run(put('1'));
    expect(codes(await run(put('1'), put('2')))).toEqual(['DuplicateItem', undefined]);
    await expect(run(put('3'), put('3'))).rejects.toThrow('contains duplicates');
  });

  test.each([
    ['no quotes around the table', `INSERT INTO items VALUE {'pk': ?, 'n': ?}`],
    ['no spaces', `INSERT INTO "items"VALUE{'pk':?,'n':?}`],
    ['spaces and lines', `\n insert  into\n"items"\tvalue\n{ 'pk' : ? ,\n 'n' : ? }\n`],
  ])('takes a statement with %s', async (_, Statement) => {
    expect(await run(insert('a', '1', { Statement }))).toEqual([{ TableName: 'items' }]);
    expect(await kept()).toEqual({ a: '1' });
  });

  test.each([
    ['another operation', `SELECT * FROM "items" WHERE pk = ?`],
    ['a literal', `INSERT INTO "items" VALUE {'pk': ?, 'n': 1}`],
    ['a quoted question mark', `INSERT INTO "items" VALUE {'pk': ?, 'n': '?'}`],
    ['double quotes around an attribute', `INSERT INTO "items" VALUE {"pk": ?, 'n': ?}`],
    ['single quotes around the table', `INSERT INTO 'items' VALUE {'pk': ?, 'n': ?}`],
    ['an attribute twice', `INSERT INTO "items" VALUE {'pk': ?, 'pk': ?}`],
    ['no attribute', `INSERT INTO "items" VALUE {}`],
    ['something behind it', `${INSERT} IF NOT EXISTS`],
  ])('refuses a statement with %s by name, and runs none of the request', async (_, Statement) => {
    await expect(run(insert('a', '1'), insert('b', '1', { Statement }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(Statement),
    });
    expect(await kept()).toEqual({});
  });

  test.each<[string, Partial<BatchStatementRequest>, string, string]>([
    ['too few parameters', { Parameters: [{ S: 'x' }] }, 'ValidationError', "statement don't match."],
    ['no parameters', { Parameters: undefined }, 'ValidationError', "statement don't match."],
    ['too many parameters', { Parameters: Array(3).fill({ S: 'x' }) }, 'ValidationError', "don't match."],
    ['no key', { Statement: `INSERT INTO items VALUE {'a': ?, 'n': ?}` }, 'ValidationError', 'the key pk'],
    ['a key of another type', { Parameters: [{ N: '1' }, { N: '1' }] }, 'ValidationError', 'Type mismatch'],
    ['an empty key', { Parameters: [{ S: '' }, { N: '1' }] }, 'ValidationError', 'empty string'],
    ['a text as a number', { Parameters: [{ S: 'x' }, { N: 'x' }] }, 'ValidationError', 'numeric'],
    [
      'an unknown table',
      { Statement: `INSERT INTO other VALUE {'pk': ?, 'n': ?}` },
      'ResourceNotFound',
      'Requested resource not found',
    ],
  ])('fails a statement with %s alone', async (_, wrong, Code, message) => {
    const responses = await run(insert('a', '1'), insert('b', '1', wrong), insert('c', '1'));
    expect(codes(responses)).toEqual([undefined, Code, undefined]);
    expect(responses[1]?.Error?.Message).toContain(message);
    expect(await kept()).toEqual({ a: '1', c: '1' });
  });

  test.each<[string, () => BatchStatementRequest[], string]>([
    [
      'the same key twice',
      () => [insert('a', '1'), insert('b', '1'), insert('a', '2')],
      'Provided list of item keys contains duplicates',
    ],
    ['no statement', () => [], 'Member must have length greater than or equal to 1'],
    [
      'more than 25 statements',
      () => Array.from({ length: 26 }, (_, n) => insert(String(n), '1')),
      'Member must have length less than or equal to 25',
    ],
  ])('refuses a request with %s', async (_, statements, message) => {
    await expect(run(...statements())).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message),
    });
    expect(await kept()).toEqual({});
  });

  test('answers with the checksum of its answer, and refuses what is no JSON', async () => {
    const post = (body: string): Promise<Response> =>
      fetch(store.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.0',
          'X-Amz-Target': 'DynamoDB_20120810.BatchExecuteStatement',
          'X-Amz-Date': 'any',
          Authorization: 'AWS4-HMAC-SHA256 Credential=a, SignedHeaders=a, Signature=a',
        },
        body,
      });
    for (const [body, status, content] of [
      [JSON.stringify({ Statements: [insert('ö', '1')] }), 200, 'TableName'],
      ['{', 400, 'SerializationException'],
      ['{"Statements":{}}', 400, 'ValidationException'],
    ] as const) {
      const response = await post(body);
      const text = await response.text();
      expect(response.status).toBe(status);
      expect(text).toContain(content);
      expect(response.headers.get('x-amz-crc32')).toBe(String(crc32(text)));
      expect(response.headers.get('content-type')).toBe('application/x-amz-json-1.0');
    }
  });
});
