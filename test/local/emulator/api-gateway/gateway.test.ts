import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { gatewayResponses } from '../../../../local/emulator/api-gateway/gateway-responses.ts';
import { listenGateway } from '../../../../local/emulator/api-gateway/gateway-server.ts';
import { listenAwsEndpoint } from '../../../../local/emulator/http/aws-endpoint.ts';
import { type FixtureStack, startFixtureStack } from '../../fixtures/fixture-stack.ts';

let stack: FixtureStack;
beforeAll(async () => {
  stack = await startFixtureStack();
});
afterAll(() => stack.close());

/** What arrives on the wire, whole or cut. */
const raw = (lines: string, url = stack.gatewayUrl): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(lines));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
const request = (target: string, headers = ''): Promise<string> =>
  raw(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);

describe('an answer through the gateway', () => {
  // The stage admits 20 requests a second.
  beforeEach(() => sleep(300));

  test('has the status, the headers as the function named them, and the body in chunks', async () => {
    const answer = await request('/stage/answer?status=201&chunks=2');
    expect(answer).toMatch(/^HTTP\/1\.1 201 Created\r\nX-Answered-By: \d+\r\nContent-Type: text\/plain\r\n/);
    expect(answer).toContain('Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n');
    expect(answer).toMatch(/\r\nTransfer-Encoding: chunked\r\n[\s\S]*\r\n0\r\n\r\n$/);
  });

  test('is streamed: its beginning arrives long before its end', async () => {
    const began = performance.now();
    const response = await fetch(`${stack.answerUrl}?chunks=5&delay=400`);
    const headersAfter = performance.now() - began;
    expect(await response.text()).toBe('x'.repeat(50));
    expect(performance.now() - began - headersAfter).toBeGreaterThan(300);
  });

  test('passes a large body through, and waits for a slow reader', async () => {
    const response = await new Promise<IncomingMessage>((resolve) =>
      get(`${stack.answerUrl}?chunks=200&size=100000`, resolve),
    );
    await sleep(200);
    expect((await text(response)).length).toBe(20_000_000);
  });

  test.each(['fail=2', 'crash=2'])('is cut when the function fails underway (%s)', async (how) => {
    const answer = await request(`/stage/answer?chunks=4&size=20000&delay=20&${how}`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
    await expect(
      fetch(`${stack.answerUrl}?chunks=4&size=20000&delay=20&${how}`).then((r) => r.text()),
    ).rejects.toThrow();
    expect(stack.warnings.join()).toContain('was cut');
  });

  test.each(['early=1', 'bare=1', 'gone=1'])(
    'is the gateway’s own when the function fails before the first byte (%s)',
    async (how) => {
      const response = await fetch(`${stack.answerUrl}?${how}`);
      expect(response.status).toBe(502);
      expect(await response.json()).toEqual({ error: { code: 'DEFAULT_5XX' } });
    },
  );

  test('is cut at the integration’s time limit', async () => {
    const answer = await request('/stage/answer?chunks=100&delay=100');
    expect(answer).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(stack.warnings.at(-1)).toContain('was cut');
  });

  test('stops the function’s work when the client hangs up, and its process serves the next', async () => {
    const response = await new Promise<IncomingMessage>((resolve) =>
      get(`${stack.answerUrl}?chunks=1000000&size=100000`, { agent: false }, resolve),
    );
    const pid = Number(response.headers['x-answered-by']);
    const warned = stack.warnings.length;
    response.destroy();
    await vi.waitFor(
      async () => {
        const answers = await Promise.all([1, 2, 3].map(() => fetch(`${stack.answerUrl}?delay=50`)));
        await Promise.all(answers.map((answer) => answer.text()));
        expect(answers.map((answer) => Number(answer.headers.get('x-answered-by')))).toContain(pid);
      },
      { timeout: 30_000, interval: 200 },
    );
    // The integration's time limit would stop the work, too, and say so.
    expect(stack.warnings.slice(warned).join()).not.toMatch(/was cut|timed out/);
  });

  test('comes from an event that has the gateway’s own domain, whatever the caller sends as Host', async () => {
    const answer = await raw(
      'GET /stage/answer?echo=1 HTTP/1.1\r\nHost: other.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toContain(`"domainName":"${new URL(stack.gatewayUrl).host}"`);
  });

  test('comes from an event in the shape of a REST API’s proxy integration', async () => {
    const response = await fetch(`${stack.answerUrl}?echo=1&a=%C3%BC+x&a=%zz&b=`, {
      headers: { apiKey: 'k' },
    });
    const event = (await response.json()) as { requestContext: { requestTime: string } };
    expect(event).toMatchObject({
      resource: '/answer',
      path: '/answer',
      httpMethod: 'GET',
      headers: { apiKey: 'k', 'X-Forwarded-For': '127.0.0.1' },
      multiValueHeaders: { apiKey: ['k'] },
      queryStringParameters: { echo: '1', a: '%zz', b: '' },
      multiValueQueryStringParameters: { echo: ['1'], a: ['ü x', '%zz'], b: [''] },
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
      requestContext: {
        requestId: response.headers.get('x-amzn-requestid'),
        stage: 'stage',
        path: '/stage/answer',
        resourcePath: '/answer',
        httpMethod: 'GET',
        identity: { sourceIp: '127.0.0.1' },
      },
    });
    expect(event.requestContext.requestTime).toMatch(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/);
  });
});

describe('what the gateway answers by itself', () => {
  test.each([
    ['GET', '/'],
    ['GET', '/stage'],
    ['GET', '/stage/other'],
    ['GET', '/stage/%zz'],
    ['GET', '/answer'],
    ['POST', '/stage/answer'],
    ['DELETE', '/stage/answer'],
  ])('%s %s is an unknown path or method', async (method, path) => {
    const response = await fetch(`${stack.gatewayUrl}${path}`, { method });
    expect(response.status).toBe(403);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ error: { code: 'MISSING_AUTHENTICATION_TOKEN' } });
  });

  test.each([
    ['a long URL', 414, () => request(`/stage/answer?a=${'x'.repeat(9000)}`)],
    ['large headers', 431, () => request('/stage/answer', `A: ${'x'.repeat(11_000)}\r\n`)],
    ['headers too large to be read', 431, () => request('/stage/answer', `A: ${'x'.repeat(40_000)}\r\n`)],
    ['no HTTP', 400, () => raw('nonsense\r\n\r\n')],
    ['no HTTP with spaces', 400, () => raw('some other nonsense\r\n\r\n')],
    ['a missing Host', 400, () => raw('GET /stage/answer HTTP/1.1\r\nConnection: close\r\n\r\n')],
    ['an expectation', 417, () => request('/stage/answer', 'Expect: x\r\n')],
  ])('%s is refused with %i', async (_, status, send) => {
    const answer = await send();
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('{"error":{"code":"DEFAULT_4XX"}}');
  });

  test.each(['/stage/answer', '/other'])(
    'a method that HTTP does not know is an unknown route: FOO %s',
    async (path) => {
      const answer = await raw(`FOO ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect(answer).toContain('HTTP/1.1 403 ');
      expect(answer).toContain('{"error":{"code":"MISSING_AUTHENTICATION_TOKEN"}}');
    },
  );

  test('a request of HTTP/1.0 needs no Host', async () => {
    expect(await raw('GET /stage/answer HTTP/1.0\r\n\r\n')).toContain('HTTP/1.1 200 ');
  });

  test.each([
    ['a request', 'GET /stage/answer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
    ['no HTTP', 'nonsense\r\n\r\n'],
    ['an expectation', 'GET / HTTP/1.1\r\nHost: x\r\nExpect: x\r\nConnection: close\r\n\r\n'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('while it starts, %s is told to come back, in the same shape', async (_, lines) => {
    const gateway = await listenGateway(0);
    onTestFinished(() => gateway.close());
    const answer = await raw(lines, gateway.url);
    expect(answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
    expect(answer).toContain('\r\nContent-Type: application/json\r\n');
    const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')));
    expect(body).toEqual({ error: { code: 'starting', message: expect.any(String) } });
  });

  test('while it starts, the AWS endpoint tells clients to come back as AWS does', async () => {
    const endpoint = await listenAwsEndpoint(0);
    onTestFinished(() => endpoint.close());
    const response = await fetch(endpoint.url, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await response.json()).toMatchObject({ __type: 'ServiceUnavailable' });
  });

  test('a large payload is refused with 413', async () => {
    const length = 10 * 1024 * 1024 + 1;
    const answer = await raw(
      `GET /stage/answer HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${length}\r\n\r\n${'x'.repeat(length)}`,
    );
    expect(answer).toContain('HTTP/1.1 413 ');
    expect(answer).toContain('REQUEST_TOO_LARGE');
  });

  test('more than the burst at once is throttled', async () => {
    await sleep(1100);
    const statuses = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const response = await fetch(stack.answerUrl);
        if (response.status === 429) expect(await response.json()).toEqual({ error: { code: 'THROTTLED' } });
        else await response.text();
        return response.status;
      }),
    );
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(20);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  });

  test('has the headers of its template, and where it has none those of its class', () => {
    const template = { ResponseTemplates: {}, StatusCode: undefined };
    const retryAfter = (seconds: number) => ({ 'gatewayresponse.header.Retry-After': `'${seconds}'` });
    const respond = gatewayResponses([
      { ...template, ResponseType: 'THROTTLED', ResponseParameters: retryAfter(1) },
      { ...template, ResponseType: 'DEFAULT_4XX', ResponseParameters: {} },
      { ...template, ResponseType: 'DEFAULT_5XX', ResponseParameters: retryAfter(5) },
    ]);
    expect(respond('THROTTLED', 'r1').headers['Retry-After']).toBe('1');
    expect(respond('INTEGRATION_TIMEOUT', 'r1').headers['Retry-After']).toBe('5');
    expect(respond('REQUEST_TOO_LARGE', 'r1').headers['Retry-After']).toBeUndefined();
  });

  test('a variable or parameter of a template that is unknown is an error by name', () => {
    const template = { ResponseType: 'DEFAULT_4XX', ResponseParameters: {}, ResponseTemplates: {} };
    expect(() =>
      gatewayResponses([
        { ...template, ResponseTemplates: { 'application/json': '$context.identity.sourceIp' } },
      ]),
    ).toThrow('DEFAULT_4XX: the variable $context.identity.sourceIp is unknown');
    expect(() =>
      gatewayResponses([
        { ...template, ResponseParameters: { 'gatewayresponse.header.A': 'method.request.b' } },
      ]),
    ).toThrow('gatewayresponse.header.A');
    const body = '{"id":"$context.requestId"}';
    const respond = gatewayResponses([{ ...template, ResponseTemplates: { 'application/json': body } }]);
    expect(respond('THROTTLED', 'r1')).toMatchObject({ status: 429, body: '{"id":"r1"}' });
  });
});
