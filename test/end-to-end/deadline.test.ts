import { get, type IncomingMessage } from 'node:http';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Store, startStore } from '../../local/emulator/dynamodb/embedded-store.ts';
import { encodeDocument } from '../../shared/log/document-codec.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { withVariables } from './changed-template.ts';
import { API_KEY, between, type RunningStack, startRunningStack } from './running-stack.ts';

const START = Date.UTC(2026, 10, 20, 9);
/**
 * 20 MB: more than lies in the buffers between the function and a client, and 14 MB less than can be sent in the time, so
 * that collecting may be slow.
 */
const COUNT = 66;
const NOTE = 'x'.repeat(300_000);

let store: Store;
let stack: RunningStack;
const warnings: string[] = [];
beforeAll(async () => {
  store = await startStore();
  const log = { progress: () => {}, warn: (line: string) => warnings.push(line), detail: () => {} };
  const patchTemplate = withVariables({ RESPONSE_TIMEOUT_MS: '15000' });
  stack = await startRunningStack({ storeUrl: store.url, patchTemplate, log });
  const client = new DynamoDBClient({
    endpoint: store.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  for (let i = 0; i < COUNT; i++) {
    const { partitionKey, sortKey } = logKey('player', START + i, String(i));
    const Item = {
      pk: { S: partitionKey },
      sk: { S: sortKey },
      doc: { B: encodeDocument(JSON.stringify({ event: { action: 'OPENED' }, note: NOTE })) },
      createdAt: { N: String(Date.now()) },
    };
    await client.send(new PutItemCommand({ TableName: stack.outputs['TableName'], Item }));
  }
  client.destroy();
});
afterAll(async () => {
  await stack.close();
  await store.close();
});

const queryPids = (): number[] =>
  stack
    .functionProcesses()
    .filter(({ functionName }) => functionName.includes('Query'))
    .map(({ pid }) => pid);

/** Asks for everything, and reads nothing of the answer but its headers. */
const askAndReadNothing = (encoding: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const url = `${stack.url}?${new URLSearchParams(between(START, START + 1000))}`;
    get(url, { headers: { apiKey: API_KEY, 'accept-encoding': encoding } }, resolve).on('error', reject);
  });

const readToItsEnd = (answer: IncomingMessage): Promise<{ length: number; whole: boolean }> =>
  new Promise((resolve) => {
    let length = 0;
    answer.on('data', (chunk) => {
      length += chunk.length;
    });
    answer.on('error', () => {});
    answer.once('close', () => resolve({ length, whole: answer.complete }));
  });

describe('an answer that is not read in time', () => {
  test('is cut when its time is up, and the same process serves the next requests', async () => {
    const nothing = between(START + 10_000, START + 11_000);
    expect((await stack.ask(nothing)).status).toBe(200);
    const pids = queryPids();
    const answer = await askAndReadNothing('identity');
    expect([answer.statusCode, answer.headers['number-of-results']]).toEqual([200, String(COUNT)]);

    await vi.waitFor(() => expect(warnings.join('\n')).toContain('answer cut'), { timeout: 50_000 });
    const { length, whole } = await readToItsEnd(answer);
    expect(whole).toBe(false);
    expect(length).toBeLessThan(COUNT * NOTE.length);

    for (let i = 0; i < 3; i++) expect((await stack.ask(nothing)).status).toBe(200);
    expect(queryPids()).toEqual(expect.arrayContaining(pids));
    expect(warnings.join('\n')).not.toContain('ended');
  }, 90_000);
});
