import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ReceivedLog } from '../../../local/receiver/received-log.ts';
import { withReceiverUrl } from '../../../local/receiver/receiver.ts';
import { type AwsFixture, startAwsFixture } from '../fixtures/aws-fixture.ts';

const LOG = JSON.stringify({ event: { action: 'OPENED' }, label: { rid: 'r', page_name: 'ü' } });

const received: ReceivedLog[] = [];
let stack: AwsFixture;
let secret: string;
beforeAll(async () => {
  stack = await startAwsFixture({ onReceived: (log) => received.push(log) });
  secret = await signingSecret();
});
beforeEach(() => {
  received.length = 0;
});
afterAll(() => stack.close());

const withSecrets = <T>(use: (client: SecretsManagerClient, SecretId: string) => Promise<T>): Promise<T> => {
  const client = new SecretsManagerClient(stack.client);
  return use(client, stack.outputs['SigningSecretArn'] ?? '').finally(() => client.destroy());
};
const signingSecret = () =>
  withSecrets(async (client, SecretId) => {
    const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
    return SecretString;
  });

const post = async (body: string, { contentType = 'application/json', signed = body, by = secret } = {}) => {
  const at = new Date();
  const headers = {
    'content-type': contentType,
    'webhook-id': 'the-id',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(by).sign('the-id', at, signed),
  };
  return (await fetch(stack.receiverUrl, { method: 'POST', headers, body })).status;
};

describe('the built-in receiver', () => {
  test('takes a log as a text, and as a file', async () => {
    expect(await post(LOG)).toBe(204);
    const form = new FormData();
    form.set('file', new Blob([LOG], { type: 'application/json' }), 'security-log-the-id.json');
    const encoded = new Response(form);
    const contentType = encoded.headers.get('content-type') ?? '';
    expect(await post(await encoded.text(), { contentType })).toBe(204);
    const log = { method: 'POST', action: 'OPENED', rid: 'r', id: 'the-id', signed: true };
    expect(received).toEqual([log, { ...log, fileName: 'security-log-the-id.json' }]);
  });

  test('refuses what is not signed as it should be, and tells of it all the same', async () => {
    expect(await post(LOG, { signed: `${LOG} ` })).toBe(401);
    expect(await post(LOG, { by: Buffer.from('another secret').toString('base64') })).toBe(401);
    const unsigned = await fetch(stack.receiverUrl, { method: 'POST', body: LOG });
    expect(unsigned.status).toBe(401);
    expect(received.map(({ signed, action }) => [signed, action])).toEqual(Array(3).fill([false, 'OPENED']));
  });

  test('takes what is not a log, and says so', async () => {
    for (const body of ['no json', '{"event":{}}']) expect(await post(body)).toBe(204);
    expect(received.map(({ action }) => action)).toEqual([undefined, undefined]);
  });

  test('takes both secrets while one is rotated', async () => {
    const next = Buffer.from('the next secret, of 32 characters').toString('base64');
    await withSecrets((client, SecretId) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString: next })),
    );
    expect([await post(LOG), await post(LOG, { by: next })]).toEqual([204, 204]);
  });

  test('takes POST alone, and leaves every other path to the gateway', async () => {
    expect((await fetch(stack.receiverUrl)).status).toBe(405);
    expect((await fetch(`${stack.receiverUrl}/more`, { method: 'POST' })).status).toBe(403);
    expect((await fetch(`${stack.gatewayUrl}/stage/custom-service`, { method: 'POST' })).status).toBe(403);
  });
});

test('settings name the receiver by one address, whichever port the gateway has', () => {
  const name = 'http://127.0.0.1:3000/custom-service';
  const here = 'http://127.0.0.1:4000';
  expect(withReceiverUrl(name, here)).toBe(`${here}/custom-service`);
  expect(withReceiverUrl(`{"url":"${name}"}`, here)).toBe(`{"url":"${here}/custom-service"}`);
  for (const other of [`${name}s`, `${name}/x`, name.replace('3000', '3001')]) {
    expect(withReceiverUrl(other, here)).toBe(other);
  }
});
