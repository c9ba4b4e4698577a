import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DeliveryFault, faultReason } from '../../../functions/deliver/reason.ts';
import { httpsService } from '../../../functions/deliver/services/https.ts';
import { errorName } from '../../../functions/error-name.ts';

const withFields = (name: string, fields: object): Error =>
  Object.assign(new Error('a message with the payload'), { name, ...fields });

describe('an error is told', () => {
  test.each([
    [
      'of AWS by its name and status',
      withFields('AccessDenied', { $metadata: { httpStatusCode: 403 } }),
      'AccessDenied (403)',
    ],
    [
      'of AWS, that came to no answer, by its name',
      withFields('TimeoutError', { $metadata: { attempts: 3 } }),
      'TimeoutError',
    ],
    ['of the network by its code', withFields('Error', { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ['that was aborted by its name', new DOMException('aborted', 'AbortError'), 'AbortError'],
    ['that is none', 'a text with the payload', 'unknown error'],
  ])('%s', (_, error, expected) => {
    expect(errorName(error)).toBe(expected);
  });

  test('by its message only where the message is ours', () => {
    expect(faultReason(new DeliveryFault('the secret is wrong'))).toBe('the secret is wrong');
    expect(faultReason(withFields('RangeError', {}))).toBe('unexpected: RangeError');
  });
});

describe('a service by https that cannot be reached', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/reset') response.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const deliverTo = (address: string, signal = new AbortController().signal) =>
    httpsService({
      service: { type: 'https', url: address, allowedPrivateHosts: ['127.0.0.1', 'nowhere.invalid'] },
      payload: 'text',
      signingSecrets: async () => [Buffer.alloc(32).toString('base64')],
      headers: async () => ({}),
      doubt: () => {},
      now: Date.now,
    })({ id: 'the-id', timestamp: 0, json: '{}' }, signal);

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
    expect(await deliverTo(`${url}/reset`)).toMatchObject({
      reason: 'the service could not be reached: ECONNRESET',
    });
  });

  test('before the function has to end', async () => {
    expect(await deliverTo(`${url}/silent`, AbortSignal.timeout(50))).toMatchObject({
      reason: 'the service did not answer before the function had to end',
    });
  });
});
