import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { encodeDocument } from '../../shared/log/document-codec.ts';
import { logKey } from '../../shared/store/log-key.ts';
import { withVisibility } from './changed-template.ts';
import { AWS, deliveryIdOf, START, serviceAt, startDelivering } from './delivering-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { API_KEY, type RunningStack } from './running-stack.ts';

/** What the service says of deliveries, while a receiver fails, is down, comes back, and functions are killed. */

const HOUR = 3_600_000;
const PATIENCE = { timeout: 60_000, interval: 200 };

let receiver: Receiver;
let stack: RunningStack;
beforeAll(async () => {
  receiver = await startReceiver();
  stack = await startDelivering(serviceAt(receiver), 'text', { patchTemplate: withVisibility(2) });
});
afterAll(async () => {
  await stack.close();
  await receiver.close();
});

const logs = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    '@timestamp': new Date(START + i).toISOString(),
    event: { action: 'OPENED', id: `${name}-${i}` },
    label: { rid: name },
  }));

async function ask(parameters: Record<string, string>) {
  const url = `${stack.outputs['DeliveriesUrl']}?${new URLSearchParams(parameters)}`;
  const response = await fetch(url, { headers: { apiKey: API_KEY } });
  const body = (await response.json()) as { deliveries: Record<string, unknown>[] };
  return { status: response.status, ...body };
}
const deliveriesOf = async (rid: string, state = 'delivered,undelivered') =>
  (await ask({ rid, state })).deliveries;

describe('the deliveries', () => {
  test('of a receiver that takes some logs, refuses some, and is down for others, until it is back', async () => {
    let isBack = false;
    receiver.answer(({ headers }, response) => {
      const id = headers['webhook-id'] ?? '';
      const status = id.includes('refused') ? 410 : id.includes('down') && !isBack ? 503 : 204;
      response.writeHead(status).end();
    });
    await stack.publishDetails([...logs('taken', 3), ...logs('refused', 2), ...logs('down', 2)]);

    const common = { app_type: 'player', action: 'OPENED', duration_ms: expect.any(Number) };
    const waiting = {
      ...common,
      state: 'waiting',
      status: 503,
      reason: 'the service answered 503',
      first_failed_at: expect.any(String),
      last_attempt_at: expect.any(String),
      next_attempt_at: expect.any(String),
    };
    const refused = {
      ...common,
      state: 'failed',
      attempts: 1,
      status: 410,
      reason: 'the service answered 410',
    };
    const taken = { ...common, state: 'delivered', attempts: 1, status: 204 };
    await vi.waitFor(async () => {
      expect(await deliveriesOf('taken')).toMatchObject([taken, taken, taken]);
      expect(await deliveriesOf('refused')).toMatchObject([refused, refused]);
      expect(await deliveriesOf('down')).toMatchObject([waiting, waiting]);
    }, PATIENCE);

    const { deliveries } = await ask({
      state: 'undelivered',
      start_time: '20261120090000',
      end_time: '20261120100000',
    });
    const ids = [...logs('refused', 2), ...logs('down', 2)].map(deliveryIdOf);
    expect(deliveries.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());

    isBack = true;
    await vi.waitFor(async () => {
      const delivered = { ...common, state: 'delivered', status: 204, first_failed_at: expect.any(String) };
      const found = await deliveriesOf('down');
      expect(found).toMatchObject([delivered, delivered]);
      for (const { attempts, reason } of found)
        expect([Number(attempts) > 1, reason]).toEqual([true, undefined]);
    }, PATIENCE);
    expect((await ask({ state: 'failed' })).deliveries).toHaveLength(2);
  });

  test('of a function that is killed between an attempt and its record are unknown, until the log is delivered again', async () => {
    const [log] = logs('killed', 1) as [ReturnType<typeof logs>[number]];
    const looked = Promise.withResolvers<void>();
    const again = Promise.withResolvers<void>();
    receiver.answer(async (_, response, n) => {
      if (n > 1) {
        again.resolve();
        await looked.promise;
        return response.writeHead(204).end();
      }
      for (const { functionName, pid } of stack.functionProcesses())
        if (functionName.includes('DeliveryFunction')) process.kill(pid, 'SIGKILL');
      return response.writeHead(204).end();
    });
    await stack.publishDetails([log]);
    await again.promise;
    const before = await deliveriesOf('killed');
    looked.resolve();
    expect(before.map(({ id, state }) => [id, state])).toEqual([[deliveryIdOf(log), 'unknown']]);
    await vi.waitFor(
      async () =>
        expect((await ask({ id: deliveryIdOf(log) })).deliveries).toMatchObject([{ state: 'delivered' }]),
      PATIENCE,
    );
  });

  test('of a log whose lifetime ended while it waited are expired, and it is not delivered', async () => {
    receiver.answer((_, response) => response.writeHead(204).end());
    const timestamp = START + 12 * HOUR;
    const { partitionKey, sortKey } = logKey('player', timestamp, 'late');
    const createdAt = Date.now() - 49 * HOUR;
    const client = new DynamoDBClient({ endpoint: stack.storeUrl, ...AWS });
    try {
      const Item = {
        pk: { S: partitionKey },
        sk: { S: sortKey },
        doc: { B: encodeDocument('{"event":{"action":"OPENED"}}') },
        action: { S: 'OPENED' },
        createdAt: { N: String(createdAt) },
        expiresAt: { N: String(Math.ceil((createdAt + 60 * HOUR) / 1000)) },
      };
      await client.send(new PutItemCommand({ TableName: stack.outputs['TableName'], Item }));
    } finally {
      client.destroy();
    }
    const detail = { id: 'late', key: { partitionKey, sortKey }, log: {} };
    await stack.publish([
      { Source: 'security-logs', DetailType: 'Security Log Stored', Detail: JSON.stringify(detail) },
    ]);
    await vi.waitFor(
      async () =>
        expect((await ask({ state: 'expired' })).deliveries).toMatchObject([
          { event_id: 'late', attempts: 0 },
        ]),
      PATIENCE,
    );
    expect(receiver.received).toEqual([]);
  });

  test('are read with the key alone, and only read', async () => {
    const url = stack.outputs['DeliveriesUrl'] ?? '';
    expect((await fetch(url)).status).toBe(401);
    const post = await fetch(url, { method: 'POST', headers: { apiKey: API_KEY } });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    const wrong = await fetch(`${url}?state=lost`, { headers: { apiKey: API_KEY } });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { code: 'invalid_state' } }]);
  });
});
