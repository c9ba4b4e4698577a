import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatQueryTime } from '../../shared/query/time-window.ts';
import { API_KEY, between, type RunningStack, startRunningStack } from './running-stack.ts';

const START = Date.UTC(2026, 10, 19, 9);
const WINDOW = between(START, START + 60_000);
const LOGS = 7;

/** Everything the functions wrote. */
const lines: string[] = [];
let stack: RunningStack;
beforeAll(async () => {
  const keep = (line: string): void => void lines.push(line);
  stack = await startRunningStack({ log: { progress: () => {}, warn: keep, detail: keep } });
  await stack.publishDetails(
    Array.from({ length: LOGS }, (_, i) => ({
      '@timestamp': new Date(START + i).toISOString(),
      event: { action: 'OPENED', id: `read-${i}` },
      label: { rid: `content-of-a-log-${i}` },
    })),
  );
  await stack.askUntil(WINDOW, LOGS);
});
afterAll(() => stack.close());

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends a request with exactly these headers, names and values in turns. */
const raw = (method: string, headers: string[], parameters: Record<string, string> = WINDOW) =>
  new Promise<RawAnswer>((resolve, reject) => {
    const url = new URL(`${stack.url}?${new URLSearchParams(parameters)}`);
    request(url, { method, headers: ['Host', url.host, ...headers] as never, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });

describe('the key', () => {
  test.each([
    ['apiKey', ['apiKey', API_KEY]],
    ['apiKey in any case', ['APIKEY', API_KEY]],
    ['X-Api-Key', ['X-Api-Key', API_KEY]],
    ['Authorization: Bearer', ['Authorization', `Bearer ${API_KEY}`]],
    ['Authorization, the scheme in any case', ['authorization', `bearer ${API_KEY}`]],
    ['apiKey, whatever the others say', ['apiKey', API_KEY, 'X-Api-Key', 'x', 'Authorization', 'Bearer x']],
    ['the last of repeated headers', ['apiKey', 'wrong', 'apiKey', API_KEY]],
    ['the last of repeated headers in any case', ['apiKey', 'a', 'APIKEY', 'b', 'apiKey', API_KEY]],
  ])('is taken from %s', async (_, headers) => {
    expect((await raw('GET', headers)).status).toBe(200);
  });

  test.each([
    ['a wrong apiKey is not made good by X-Api-Key', ['apiKey', 'wrong', 'X-Api-Key', API_KEY]],
    ['nor an empty one', ['apiKey', '', 'X-Api-Key', API_KEY]],
    ['a wrong X-Api-Key is not by Authorization', ['X-Api-Key', 'x', 'Authorization', `Bearer ${API_KEY}`]],
    ['the first of repeated headers does not count', ['apiKey', API_KEY, 'apiKey', 'wrong']],
    ['nor that of repeated headers in several cases', ['apiKey', API_KEY, 'APIKEY', 'wrong']],
    ['another scheme has no key', ['Authorization', `Basic ${API_KEY}`]],
  ])('%s', async (_, headers) => {
    const { status, body } = await raw('GET', headers);
    expect([status, JSON.parse(body).error.code]).toEqual([401, 'unauthorized']);
  });
});

describe('the method', () => {
  test('HEAD answers with the headers of GET, and no body', async () => {
    const get = await raw('GET', ['apiKey', API_KEY, 'Accept-Encoding', 'gzip']);
    const head = await raw('HEAD', ['apiKey', API_KEY, 'Accept-Encoding', 'gzip']);
    expect(head.status).toBe(200);
    expect(head.body).toBe('');
    const same = [
      'number-of-results',
      'number-of-pages',
      'end-time',
      'content-type',
      'content-encoding',
      'vary',
    ];
    for (const name of same) expect(head.headers[name]).toBe(get.headers[name]);
    expect(head.headers['number-of-results']).toBe(String(LOGS));
  });

  test('HEAD is refused as GET is, without a body', async () => {
    const noKey = await raw('HEAD', []);
    const noTime = await raw('HEAD', ['apiKey', API_KEY], {});
    expect([noKey.status, noKey.body, noTime.status, noTime.body]).toEqual([401, '', 400, '']);
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is a 405 that says what is allowed, before the key is read',
    async (method) => {
      const { status, headers, body } = await raw(method, ['apiKey', 'wrong']);
      expect([status, headers['allow'], headers['content-type']]).toEqual([
        405,
        'GET, HEAD',
        'application/json',
      ]);
      expect(JSON.parse(body).error.code).toBe('method_not_allowed');
    },
  );
});

describe('the times', () => {
  const key = ['apiKey', API_KEY];

  test.each([
    ['2026-11-19T09:00:00Z', '2026-11-19T09:00:00.003Z', 3],
    ['2026-11-19T10:00:00.001+01:00', '2026-11-19T09:00:00.0039999Z', 2],
    ['20261119090000', '2026-11-19T01:00:00.001-08:00', 1],
  ])('may be RFC 3339: from %s until %s', async (start_time, end_time, results) => {
    const { status, headers } = await raw('GET', key, { start_time, end_time });
    expect([status, headers['number-of-results']]).toEqual([200, String(results)]);
    expect(headers['end-time']).toBe(end_time.replace('9999Z', 'Z'));
  });

  test('may have their plus sign decoded as a space', async () => {
    const { status, logs } = await stack.ask(
      'start_time=2026-11-19T10:00:00+01:00&end_time=2026-11-19T10:00:01+01:00',
    );
    expect([status, logs.length]).toEqual([200, LOGS]);
  });

  test('may be equal: an empty window', async () => {
    const { status, headers, body } = await raw('GET', key, between(START, START));
    expect([status, body]).toEqual([200, '[]']);
    expect(headers).toMatchObject({
      'number-of-results': '0',
      'number-of-pages': '0',
      'end-time': formatQueryTime(START),
    });
  });

  test('without an end end with the last whole second, from where the next request goes on', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const { headers } = await raw('GET', key, { start_time: WINDOW.start_time });
    const end = String(headers['end-time']);
    expect(end).toMatch(/^\d{14}$/);
    expect([formatQueryTime(before), formatQueryTime(Date.now())]).toContain(end);
    expect((await raw('GET', key, { start_time: end, end_time: end })).body).toBe('[]');
  });
});

test('a caller that takes neither JSON nor lines is told what is offered, after its parameters were checked', async () => {
  const { status, body } = await raw('GET', ['apiKey', API_KEY, 'Accept', 'text/html']);
  expect([status, JSON.parse(body).error]).toEqual([
    406,
    {
      code: 'not_acceptable',
      message: 'Accept is "text/html"; accepted: application/json, application/x-ndjson',
    },
  ]);
  expect((await raw('GET', ['apiKey', API_KEY, 'Accept', 'text/html'], {})).status).toBe(400);
});

test('a caller who asks for deliveries is told that there is no custom service, after the key was checked', async () => {
  const url = stack.outputs['DeliveriesUrl'] ?? '';
  expect((await fetch(url)).status).toBe(401);
  const response = await fetch(url, { headers: { apiKey: API_KEY } });
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ error: { code: 'no_custom_service' } });
});

describe('each request', () => {
  const answered = () =>
    lines
      .filter((line) => line.includes('"request answered"'))
      .map((line) => JSON.parse(line.slice(line.indexOf('{'))));

  test('leaves one line of who read what, and none of the key, the query or a log', async () => {
    const requests: [string, string[], Record<string, string>][] = [
      ['GET', ['apiKey', API_KEY], WINDOW],
      ['GET', ['apiKey', API_KEY, 'Accept-Encoding', 'gzip'], { ...WINDOW, app_type: 'builder' }],
      ['HEAD', ['X-Api-Key', API_KEY], WINDOW],
      ['GET', ['apiKey', 'a wrong key'], WINDOW],
      ['GET', ['apiKey', API_KEY], { start_time: 'a-wrong-time' }],
      ['POST', ['apiKey', API_KEY], WINDOW],
    ];
    const ids: unknown[] = [];
    for (const [method, headers, parameters] of requests)
      ids.push((await raw(method, headers, parameters)).headers['x-amzn-requestid']);
    const lineOf = (id: unknown) => answered().filter(({ gatewayRequestId }) => gatewayRequestId === id);
    // Several processes answer, and each writes its line after its answer: the lines may come in another order.
    const own = () => ids.flatMap(lineOf);
    while (own().length < ids.length) await sleep(20);

    expect(own().map(({ gatewayRequestId }) => gatewayRequestId)).toEqual(ids);
    const window = { from: new Date(START).toISOString(), until: new Date(START + 60_000).toISOString() };
    const both = ['player', 'builder'];
    expect(own()).toMatchObject([
      { method: 'GET', status: 200, ...window, applications: both, results: LOGS, encoding: 'identity' },
      { method: 'GET', status: 200, ...window, applications: ['builder'], results: 0, encoding: 'gzip' },
      { method: 'HEAD', status: 200, ...window, results: LOGS, bytes: 0 },
      { method: 'GET', status: 401, code: 'unauthorized' },
      { method: 'GET', status: 400, code: 'invalid_time' },
      { method: 'POST', status: 405, code: 'method_not_allowed' },
    ]);
    for (const line of own()) {
      expect(line).toMatchObject({
        level: 'INFO',
        sourceAddress: '127.0.0.1',
        ms: expect.any(Number),
        outcome: 'complete',
      });
    }
    const all = answered().map(({ gatewayRequestId }) => gatewayRequestId);
    expect(new Set(all).size).toBe(all.length);
    expect(lines.join('\n')).not.toMatch(
      /the key of the test|a wrong key|a-wrong-time|content-of-a-log|start_time/,
    );
  });
});
