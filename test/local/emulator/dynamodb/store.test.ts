import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ConditionalCheckFailedException,
  PutItemCommand,
  type PutItemCommandInput,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTable, storeClient } from '../../../../local/emulator/dynamodb/create-table.ts';
import { startStore } from '../../../../local/emulator/dynamodb/embedded-store.ts';
import { startExpirySweep } from '../../../../local/emulator/dynamodb/expiry-sweep.ts';
import { descendants } from '../../fixtures/processes.ts';

const SCHEMA: Parameters<typeof createTable>[2] = {
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
};

async function startTable(folder?: string) {
  const store = await startStore(folder);
  const client = storeClient(store.url, 'us-east-1');
  await createTable(client, 'table', SCHEMA);
  const put = (pk: string, expiresAt?: number) =>
    client.send(
      new PutItemCommand({
        TableName: 'table',
        Item: { pk: { S: pk }, ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }) },
      }),
    );
  const keys = async (): Promise<string[]> => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: 'table' }));
    return Items.map(({ pk }) => pk?.S ?? '').sort();
  };
  const close = async (): Promise<void> => {
    client.destroy();
    await store.close();
  };
  return { client, put, keys, close };
}

describe('the embedded store', () => {
  test('lets items expire whose time has passed, and only those', async () => {
    const { client, put, keys, close } = await startTable();
    onTestFinished(close);
    const now = Math.floor(Date.now() / 1000);
    await Promise.all(Array.from({ length: 20 }, (_, n) => put(`old ${n}`, now - 10)));
    await put('current', now + 3600);
    await put('without');
    const errors: unknown[] = [];
    const sweep = startExpirySweep({
      client,
      tableName: 'table',
      keyAttributes: ['pk'],
      attribute: 'expiresAt',
      interval: 5,
      pageSize: 4,
      onError: (error) => errors.push(error),
    });
    onTestFinished(() => sweep.close());
    await vi.waitFor(async () => expect(await keys()).toEqual(['current', 'without']), 5000);
    expect(errors).toEqual([]);
  });

  test('keeps its data in a folder, which no other can use meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const first = await startTable(folder);
    await first.put('kept');
    await expect(startStore(folder)).rejects.toThrow(`${folder} is in use by another process`);
    await first.close();
    const second = await startTable(folder);
    expect(await second.keys()).toEqual(['kept']);
    await second.close();
  });

  describe('a put whose condition fails', () => {
    const failedPut = async (others: Partial<PutItemCommandInput>) => {
      const { client, close } = await startTable();
      onTestFinished(close);
      const put = (Item: PutItemCommandInput['Item'], more: Partial<PutItemCommandInput> = {}) =>
        client.send(new PutItemCommand({ TableName: 'table', Item, ...more }));
      await put({ pk: { S: 'key' }, doc: { B: Buffer.from('öld') }, n: { N: '7' } });
      const condition = { ConditionExpression: 'attribute_not_exists(pk)', ...others };
      await put({ pk: { S: 'other key' } }, condition);
      const error = await put({ pk: { S: 'key' }, n: { N: '8' } }, condition).catch((thrown) => thrown);
      expect(error).toBeInstanceOf(ConditionalCheckFailedException);
      return error as ConditionalCheckFailedException;
    };

    test('is told the item that is there, if it asks for it', async () => {
      const { Item } = await failedPut({ ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
      expect(Item).toEqual({ pk: { S: 'key' }, doc: { B: expect.anything() }, n: { N: '7' } });
      expect(Buffer.from(Item?.['doc']?.B ?? '').toString()).toBe('öld');
    });

    test('is told nothing of it otherwise', async () => {
      expect((await failedPut({})).Item).toBeUndefined();
      expect((await failedPut({ ReturnValuesOnConditionCheckFailure: 'NONE' })).Item).toBeUndefined();
    });
  });

  test('refuses a put that is no JSON as DynamoDB does', async () => {
    const store = await startStore();
    onTestFinished(() => store.close());
    const response = await fetch(store.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-amz-json-1.0', 'X-Amz-Target': 'DynamoDB_20120810.PutItem' },
      body: '{',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('SerializationException');
  });

  /** A folder with a database of one item, as it is after a stop, and how to damage one of its files. */
  const closedStore = async () => {
    const folder = await mkdtemp(join(tmpdir(), 'store-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const { put, close } = await startTable(folder);
    for (let i = 0; i < 20; i += 1) await put(`item ${i}`);
    await close();
    const damage = async (name: RegExp, at: number): Promise<void> => {
      const [found = ''] = (await readdir(folder)).filter((file) => name.test(file));
      const bytes = await readFile(join(folder, found));
      bytes.fill(0x55, at, at + 20);
      await writeFile(join(folder, found), bytes);
    };
    return { folder, damage };
  };

  test('whose files are damaged is called corrupt, not in use', async () => {
    const { folder, damage } = await closedStore();
    await damage(/^MANIFEST/, 5);
    const started = startStore(folder);
    await expect(started).rejects.toThrow(`${folder} is corrupt`);
    await expect(started).rejects.not.toThrow('in use');
  });

  test('whose own log is damaged says how much is lost', async () => {
    const { folder, damage } = await closedStore();
    await damage(/\.log$/, 800);
    const troubles: string[] = [];
    const store = await startStore(folder, (what) => troubles.push(what));
    await store.close();
    expect(troubles).toEqual([
      expect.stringMatching(
        /^the store's own log in .* is damaged: \d+ bytes of what was stored last are lost$/,
      ),
    ]);
    expect(troubles.join()).toContain(folder);
    const again = await startStore(folder, (what) => troubles.push(what));
    await again.close();
    expect(troubles).toHaveLength(1);
  });

  test('says when it ends by itself', async () => {
    const ended = Promise.withResolvers<string>();
    const store = await startStore(undefined, ended.resolve);
    const [pid = 0] = descendants(process.pid);
    process.kill(pid, 'SIGKILL');
    expect(await ended.promise).toContain('SIGKILL');
    await store.close();
  });
});
