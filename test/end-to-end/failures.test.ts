import { get } from 'node:http';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Store, startStore } from '../../local/emulator/dynamodb/embedded-store.ts';
import { encodeDocument } from '../../shared/log/document-codec.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { type FaultProxy, startFaultProxy } from '../fixtures/fault-proxy.ts';
import { withVisibility } from './changed-template.ts';
import { API_KEY, between, type RunningStack, startRunningStack } from './running-stack.ts';

const START = Date.UTC(2026, 10, 20, 9);

let store: Store;
let proxy: FaultProxy;
let stack: RunningStack;
let client: DynamoDBClient;
const warnings: string[] = [];
const log = { progress: () => {}, warn: (line: string) => warnings.push(line), detail: () => {} };
beforeAll(async () => {
  store = await startStore();
  proxy = await startFaultProxy(store.url);
  stack = await startRunningStack({ storeUrl: proxy.url, patchTemplate: withVisibility(2), log });
  client = new DynamoDBClient({
    endpoint: store.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterEach(() => proxy.order(() => undefined));
afterAll(async () => {
  client.destroy();
  await stack.close();
  await proxy.close();
  await store.close();
});

const events = (name: string, count: number, from: number) =>
  Array.from({ length: count }, (_, i) => ({
    '@timestamp': new Date(from + i).toISOString(),
    event: { action: 'OPENED', id: `${name}-${i}` },
    label: { rid: `${name}-${i}` },
  }));

/** Asks with plain HTTP, and tells whether the transfer ended as it should. */
const rawAnswer = (window: { start_time: string; end_time: string }) =>
  new Promise<{ status: number; announced: number; body: string; whole: boolean }>((resolve, reject) => {
    const url = `${stack.url}?${new URLSearchParams(window)}`;
    get(url, { headers: { apiKey: API_KEY } }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('error', () => {});
      response.on('close', () => {
        const announced = Number(response.headers['number-of-results']);
        resolve({ status: response.statusCode ?? 0, announced, body, whole: response.complete });
      });
    }).on('error', reject);
  });

describe('a store that fails', () => {
  test('again and again, before the first byte, is a 503 that says when to come back', async () => {
    proxy.order((operation) => (operation === 'Query' ? 'fail' : undefined));
    const { status, headers, body } = await stack.ask(between(START, START + 1000));
    expect([status, body.error.code]).toEqual([503, 'store_unavailable']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(body.error.message).not.toMatch(/dynamo|table|smithy/i);
  });

  test('because it was asked wrongly is a 500 with a request id and no internals', async () => {
    proxy.order((operation) => (operation === 'Query' ? 'refuse' : undefined));
    const { status, body } = await stack.ask(between(START, START + 1000));
    expect(status).toBe(500);
    expect(body).toEqual({
      error: {
        code: 'internal_error',
        message: expect.not.stringMatching(/dynamo|table|smithy/i),
        request_id: expect.stringMatching(/^[\w-]{20,}$/),
      },
    });
  });

  test('is asked again while it throttles', async () => {
    proxy.order((operation, n) => (operation === 'Query' && n % 2 === 1 ? 'throttle' : undefined));
    expect((await stack.ask(between(START, START + 1000))).status).toBe(200);
  });

  test('for a while loses no event and doubles none', async () => {
    const from = START + 3_600_000;
    proxy.order((operation, n) => {
      if (!['PutItem', 'BatchExecuteStatement'].includes(operation) || n > 60) return undefined;
      return (['fail', 'throttle', 'reset', undefined] as const)[n % 4];
    });
    await stack.publishDetails(events('unlucky', 300, from));
    const { logs } = await stack.askUntil(between(from, from + 1000), 300);
    expect(logs.map((log) => log.label.rid)).toEqual(
      events('unlucky', 300, from).map(({ label }) => label.rid),
    );
  });
});

/** Puts a document into the store as it is, past the service. */
async function keep(timestamp: number, id: string, document: Buffer): Promise<void> {
  const { partitionKey, sortKey } = logKey('player', timestamp, id);
  const Item = {
    pk: { S: partitionKey },
    sk: { S: sortKey },
    doc: { B: document },
    createdAt: { N: String(Date.now()) },
  };
  await client.send(new PutItemCommand({ TableName: stack.outputs['TableName'], Item }));
}

describe('a document of a version that is not known', () => {
  test('is a 500 before the first byte, and what the function logs names the version', async () => {
    const from = START + 1_800_000;
    for (let i = 0; i < 20; i++) await keep(from + i, `known-${i}`, encodeDocument('{"event":{}}'));
    const strange = encodeDocument('{"event":{}}');
    strange[0] = 9;
    await keep(from + 20, 'strange', strange);
    const { status, body } = await stack.ask(between(from, from + 1000));
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ code: 'internal_error', request_id: expect.any(String) });
    await vi.waitFor(() => expect(warnings.join()).toContain('version 9, which this release cannot read'));
  });
});

describe('an answer that breaks after it has begun', () => {
  test('never looks whole: its JSON is unclosed, its transfer is not ended, and the process lives on', async () => {
    const from = START + 7_200_000;
    for (let i = 0; i < 400; i++) {
      const document = encodeDocument(
        JSON.stringify({ event: { action: 'OPENED' }, note: 'x'.repeat(1000) + i }),
      );
      if (i === 300) document[20] = (document[20] ?? 0) ^ 0xff;
      await keep(from + i, String(i), document);
    }
    const pids = stack.functionProcesses().map(({ pid }) => pid);
    const { status, announced, body, whole } = await rawAnswer(between(from, from + 1000));
    expect([status, announced]).toEqual([200, 400]);
    expect(whole).toBe(false);
    expect(() => JSON.parse(body)).toThrow();
    expect((await stack.ask(between(from - 1000, from))).status).toBe(200);
    expect(stack.functionProcesses().map(({ pid }) => pid)).toEqual(expect.arrayContaining(pids));
  });
});

describe('a function process that is killed in the middle of a batch', () => {
  test('loses nothing and doubles nothing', async () => {
    const from = START + 10_800_000;
    const count = 1500;
    let killed = 0;
    // The proxy sees each request of up to 25 puts: some way into the batches, their processes are killed, four times over.
    proxy.order((operation, n) => {
      if (operation === 'BatchExecuteStatement' && n % 10 === 0 && killed < 4) {
        for (const { functionName, pid } of stack.functionProcesses()) {
          if (functionName.includes('Ingest')) process.kill(pid, 'SIGKILL');
        }
        killed += 1;
      }
      return undefined;
    });
    await stack.publishDetails(events('killed', count, from));
    const { logs } = await stack.askUntil(between(from, from + 10_000), count);
    expect(killed).toBe(4);
    expect(logs.map((log) => log.label.rid)).toEqual(
      events('killed', count, from).map(({ label }) => label.rid),
    );
  });
});
