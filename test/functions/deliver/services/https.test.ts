import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { describe, expect, onTestFinished, test } from 'vitest';
import { DeliveryFault } from '../../../../functions/deliver/reason.ts';
import { type HttpsServiceOptions, httpsService } from '../../../../functions/deliver/services/https.ts';

const DELIVERY = { id: 'player-20261121T090000000Z-1001', timestamp: 0, json: '{"the":"lög"}' };
const CURRENT = Buffer.alloc(32, 1).toString('base64');
const PREVIOUS = Buffer.alloc(32, 2).toString('base64');
const unaborted = new AbortController().signal;

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A service on this machine that answers as it is told. */
async function startService(answer: RequestListener = (_, response) => response.end()) {
  const received: Received[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await text(request) });
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/logs?tenant=1`, port, received, connections: () => connections };
}

const serviceAt = (url: string, options: Partial<HttpsServiceOptions> = {}) =>
  httpsService({
    service: { type: 'https', url, allowedPrivateHosts: ['127.0.0.1', 'nowhere.invalid'] },
    payload: 'text',
    signingSecrets: async () => [CURRENT],
    headers: async () => ({}),
    doubt: () => {},
    now: Date.now,
    ...options,
  });

describe('a log is posted', () => {
  test('as its JSON, to the path and the query of the URL', async () => {
    const { url, received } = await startService();
    expect(await serviceAt(url)(DELIVERY, unaborted)).toEqual({ kind: 'delivered', status: 200 });
    expect(received).toMatchObject([
      {
        method: 'POST',
        url: '/logs?tenant=1',
        headers: { 'content-type': 'application/json', 'content-length': '14', 'webhook-id': DELIVERY.id },
        body: DELIVERY.json,
      },
    ]);
  });

  test('as a JSON file, if the payload is a file', async () => {
    const { url, received } = await startService();
    await serviceAt(url, { payload: 'file' })(DELIVERY, unaborted);
    const { headers, body } = received[0] as Received;
    expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
    const form = await new Response(body, {
      headers: { 'content-type': headers['content-type'] ?? '' },
    }).formData();
    const file = form.get('file') as File;
    expect([file.name, file.type]).toEqual([`security-log-${DELIVERY.id}.json`, 'application/json']);
    expect(await file.text()).toBe(DELIVERY.json);
  });

  test('with a signature by each secret, over its id, the time and its body', async () => {
    const { url, received } = await startService();
    await serviceAt(url, { signingSecrets: async () => [CURRENT, PREVIOUS] })(DELIVERY, unaborted);
    const { headers, body } = received[0] as Received;
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [CURRENT, PREVIOUS])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(
        JSON.parse(DELIVERY.json),
      );
    const other = new Webhook(Buffer.alloc(32, 3).toString('base64'));
    expect(() => other.verify(body, headers as Record<string, string>)).toThrow();
  });

  test('with the headers of the settings, which replace none of ours', async () => {
    const { url, received } = await startService();
    const headers = async () => ({ Authorization: 'Bearer token', 'webhook-id': 'forged' });
    await serviceAt(url, { headers })(DELIVERY, unaborted);
    expect(received[0]?.headers).toMatchObject({ authorization: 'Bearer token', 'webhook-id': DELIVERY.id });
  });

  test('on the connection of the one before, whose response had a body', async () => {
    const { url, connections } = await startService((_, response) => response.end('x'.repeat(10_000)));
    const deliver = serviceAt(url);
    for (let i = 0; i < 3; i++)
      expect(await deliver(DELIVERY, unaborted)).toEqual({ kind: 'delivered', status: 200 });
    expect(connections()).toBe(1);
  });

  test('and no more than 64 KiB of a response is read: an endless one is cut', async () => {
    const closed = Promise.withResolvers<void>();
    const { url } = await startService((_, response) => {
      const more = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => {
        clearInterval(more);
        closed.resolve();
      });
    });
    const startedAt = performance.now();
    expect(await serviceAt(url)(DELIVERY, unaborted)).toEqual({ kind: 'delivered', status: 200 });
    await closed.promise;
    // Without the limit, the timeout of the whole request cuts it after ten seconds.
    expect(performance.now() - startedAt).toBeLessThan(9_500);
  });
});

describe('the answer of a service', () => {
  const answering = (status: number, headers: Record<string, string> = {}) =>
    startService((_, response) => response.writeHead(status, headers).end());

  test('is a failure with the wait that it asks for', async () => {
    const { url } = await answering(503, { 'Retry-After': '7' });
    expect(await serviceAt(url)(DELIVERY, unaborted)).toEqual({
      kind: 'failed',
      reason: 'the service answered 503',
      status: 503,
      afterMs: 7000,
    });
  });

  test('puts the secrets in doubt if it denies the log, and only then', async () => {
    const doubts: number[] = [];
    for (const status of [200, 401, 410, 500]) {
      const { url } = await answering(status);
      await serviceAt(url, { doubt: () => doubts.push(status) })(DELIVERY, unaborted);
    }
    expect(doubts).toEqual([401]);
  });

  test('is not followed to another address', async () => {
    const elsewhere = await startService();
    const { url } = await answering(307, { Location: elsewhere.url });
    expect(await serviceAt(url)(DELIVERY, unaborted)).toEqual({
      kind: 'refused',
      reason: 'the service answered 307',
      status: 307,
    });
    expect(elsewhere.received).toEqual([]);
  });
});

describe('a private address that the settings do not allow', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1 is not a public address'],
    ['[::1]', '::1 is not a public address'],
    ['localhost', 'localhost has no public address'],
  ])('is refused before anything is sent: %s', async (host, reason) => {
    const { port, connections } = await startService();
    const service = { type: 'https', url: `http://${host}:${port}/` } as const;
    expect(await serviceAt(service.url, { service })(DELIVERY, unaborted)).toEqual({
      kind: 'refused',
      reason,
    });
    expect(connections()).toBe(0);
  });
});

test('nothing is sent while the secrets cannot be read: the fault is thrown', async () => {
  const { url, connections } = await startService();
  const unreadable = async () => {
    throw new DeliveryFault('no secret');
  };
  await expect(serviceAt(url, { signingSecrets: unreadable })(DELIVERY, unaborted)).rejects.toThrow(
    'no secret',
  );
  await expect(serviceAt(url, { headers: unreadable })(DELIVERY, unaborted)).rejects.toThrow('no secret');
  expect(connections()).toBe(0);
});

describe('a service by https that cannot be reached', () => {
  const deliverTo = (url: string, signal = unaborted) => serviceAt(url)(DELIVERY, signal);

  test('because nothing listens there', async () => {
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => free.close(resolve));
    expect(await deliverTo(`http://127.0.0.1:${port}`)).toEqual({
      kind: 'failed',
      reason: 'the service could not be reached: ECONNREFUSED',
    });
  });

  test('because its name leads nowhere', async () => {
    const { reason } = (await deliverTo('http://nowhere.invalid')) as { reason: string };
    expect(reason).toMatch(/^the service could not be reached: (ENOTFOUND|EAI_AGAIN)$/);
  });

  test('because it hangs up', async () => {
    const { url } = await startService((_, response) => response.destroy());
    expect(await deliverTo(url)).toMatchObject({
      reason: 'the service could not be reached: ECONNRESET',
    });
  });

  test('before the function has to end', async () => {
    const { url } = await startService(() => {});
    expect(await deliverTo(url, AbortSignal.timeout(50))).toMatchObject({
      reason: 'the service did not answer before the function had to end',
    });
  });
});
