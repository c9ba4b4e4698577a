import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runSecurityLogs } from '../tools/security-logs/memory-terminal.ts';
import { deliveryIdsOf, SOON, START, serviceAt, startDelivering } from './delivering-stack.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { API_KEY, type RunningStack } from './running-stack.ts';

const MINUTE = 60_000;
const KEY = { EASYSEND_SECURITY_LOGS_API_KEY: API_KEY };

let receiver: Receiver;
let data: string;
let stack: RunningStack;
beforeAll(async () => {
  receiver = await startReceiver();
  data = await mkdtemp(join(tmpdir(), 'delivery-control-'));
  stack = await start();
});
afterAll(async () => {
  await stack.close();
  await receiver.close();
  await rm(data, { recursive: true });
});

const start = (variables: Readonly<Record<string, string>> = SOON) =>
  startDelivering(serviceAt(receiver), 'text', { data }, variables);
/** Settings with a rate, requests a second. */
const RATE = 20;
const withRate = () => ({
  ...SOON,
  DELIVERY: JSON.stringify({
    method: 'api-and-custom-service',
    service: serviceAt(receiver),
    requestsPerSecond: RATE,
  }),
});
const operate = (...args: string[]) => runSecurityLogs([...args, '--endpoint-url', stack.awsUrl], KEY);
const statusOfService = async () => {
  const response = await fetch(stack.url.replace('get-security-logs', 'security-logs/status'), {
    headers: { apiKey: API_KEY },
  });
  return JSON.parse(await response.text());
};
const logs = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => ({
    '@timestamp': new Date(START + i).toISOString(),
    event: { action: 'OPENED', id: `${name}-${i}` },
  }));
const ids = () => receiver.received.map(({ headers }) => headers['webhook-id'] ?? '');
const until = (check: () => void) => vi.waitFor(check, { timeout: MINUTE, interval: 100 });
const takesAll = () => receiver.answer((_, response) => response.writeHead(204).end());

describe('an operator', () => {
  test('pauses the delivery over a restart; after resuming the receiver gets each log, no faster than is set', async () => {
    takesAll();
    expect(await operate('pause')).toMatchObject({ status: 0, stdout: 'paused\n' });
    const before = logs('before', 20);
    await stack.publishDetails(before);
    const status = async () => JSON.parse((await operate('status', '--format', 'json')).stdout);
    await vi.waitFor(async () => expect(await status()).toMatchObject({ delivery: 'paused', new: 20 }), {
      timeout: MINUTE,
    });
    const ofService = await statusOfService();
    expect(ofService).toMatchObject({
      custom_service: { kind: 'each-log', delivery: 'paused', waiting: 20, retrying: 0, given_up: 0 },
      last_event_at: before.at(-1)?.['@timestamp'],
      ingest: { waiting: 0 },
    });
    expect(Date.parse(ofService.last_stored_at)).toBeGreaterThan(Date.now() - 5 * MINUTE);
    await stack.close();
    stack = await start(withRate());
    expect(await status()).toMatchObject({ delivery: 'paused', new: 20 });
    const after = logs('after', 20);
    await stack.publishDetails(after);
    await vi.waitFor(async () => expect(await status()).toMatchObject({ new: 40 }), { timeout: MINUTE });
    expect(receiver.received).toEqual([]);
    const resumedAt = Date.now();
    expect(await operate('resume')).toMatchObject({ status: 0, stdout: 'resumed\n' });
    await until(() =>
      expect(ids().sort()).toEqual([...deliveryIdsOf(before), ...deliveryIdsOf(after)].sort()),
    );
    const last = Math.max(...receiver.received.map(({ at }) => at));
    expect(last - resumedAt).toBeGreaterThanOrEqual((1000 * 39) / RATE);
  });

  test('tests the receiver with a log that is signed as all are, and is not stored', async () => {
    receiver.answer(({ headers }, response) =>
      response.writeHead(headers['authorization'] ? 204 : 401).end(),
    );
    const { status, stdout } = await operate('test');
    expect([status, JSON.parse(stdout)]).toMatchObject([0, { outcome: 'delivered', status: 204 }]);
    const [{ headers, body }] = receiver.received as [(typeof receiver.received)[number]];
    expect(headers['webhook-id']).toBe(JSON.parse(stdout).id);
    expect(headers['webhook-signature']).toMatch(/^v1,/);
    expect(JSON.parse(body.toString()).service.environment).toBe('security-logs-test');

    receiver.answer((_, response) => response.writeHead(503).end());
    const failed = await operate('test');
    expect([failed.status, JSON.parse(failed.stdout)]).toMatchObject([
      5,
      { outcome: 'failed', status: 503, reason: 'the service answered 503' },
    ]);
  });
});

describe('a replay', () => {
  const replay = (...args: string[]) =>
    operate('replay', ...args, '--url', stack.outputs['DeliveriesUrl'] ?? '');
  const deliveries = async (...args: string[]) => {
    const url = stack.outputs['DeliveriesUrl'] ?? '';
    const { stdout } = await runSecurityLogs(
      ['deliveries', '--format', 'ndjson', '--url', url, ...args],
      KEY,
    );
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line): { id: string; state: string; reason?: string } => JSON.parse(line));
  };

  test('on call: says which logs the receiver did not get and why, and sends them again, while new logs come', {
    timeout: 3 * MINUTE,
  }, async () => {
    const lost = logs('lost', 30);
    receiver.answer((_, response) => response.writeHead(410).end());
    await stack.publishDetails(lost);
    await vi.waitFor(async () => expect(await deliveries('--state', 'failed')).toHaveLength(lost.length), {
      timeout: MINUTE,
      interval: 500,
    });
    expect((await deliveries('--state', 'failed'))[0]).toMatchObject({ reason: 'the service answered 410' });

    takesAll();
    const [isReplayed, renewed] = [replay('--failed-since', '-10m', '--rate', '20'), logs('renewed', 60)];
    for (let i = 0; i < renewed.length; i += 10) await stack.publishDetails(renewed.slice(i, i + 10));
    const { status, stdout, stderr } = await isReplayed;
    expect([status, stdout.split('\n').filter(Boolean).sort()]).toEqual([0, deliveryIdsOf(lost)]);
    expect(stderr).toContain(`${lost.length} dead letters of these logs deleted`);
    await until(() =>
      expect(new Set(ids())).toEqual(new Set([...deliveryIdsOf(lost), ...deliveryIdsOf(renewed)])),
    );
    await vi.waitFor(async () => expect(await deliveries('--state', 'undelivered')).toEqual([]), {
      timeout: MINUTE,
      interval: 500,
    });
    expect(JSON.parse((await operate('status', '--format', 'json')).stdout)).toMatchObject({
      deadLetters: 0,
    });
  });

  test('delivers a delivered log once more, by its id', async () => {
    takesAll();
    const details = logs('again', 1);
    await stack.publishDetails(details);
    await receiver.until(1);
    const [id = ''] = ids();
    await vi.waitFor(
      async () => expect(await deliveries('--id', id)).toMatchObject([{ state: 'delivered' }]),
      {
        timeout: MINUTE,
      },
    );
    expect(await replay('--id', id)).toMatchObject({ status: 0, stdout: `${id}\n` });
    await receiver.until(2);
    expect(ids()).toEqual([id, id]);
  });
});

test('a receiver that is up for one request in three gets every log', { timeout: 3 * MINUTE }, async () => {
  const taken = new Set<string>();
  receiver.answer(({ headers }, response, n) => {
    if (n % 3 !== 0) return response.writeHead(503).end();
    taken.add(headers['webhook-id'] ?? '');
    return response.writeHead(204).end();
  });
  const details = logs('third', 60);
  await stack.publishDetails(details);
  await vi.waitFor(() => expect([...taken].sort()).toEqual(deliveryIdsOf(details)), {
    timeout: 2 * MINUTE,
    interval: 200,
  });
});
