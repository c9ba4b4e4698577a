import { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { requestFromGateway } from '../../../functions/http/api-gateway.ts';
import type { HttpRequest } from '../../../functions/http/request.ts';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { HttpError } from '../../../shared/http-errors.ts';
import { parseLogQuery } from '../../../shared/query/parameters.ts';

// What the Lambda runtime has: middy looks for it when a handler is made.
vi.stubGlobal('awslambda', {
  streamifyResponse: (handler: unknown) => handler,
  HttpResponseStream: { from: (stream: Writable) => stream },
});
const { default: middy } = await import('@middy/core');
const { executionModeStreamifyResponse } = await import('@middy/core/StreamifyResponse');
const { reporting } = await import('../../../functions/query/report.ts');

interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

const NOW = Date.UTC(2026, 10, 22, 12);
const QUERY = parseLogQuery({ start_time: ['20261122110000'], app_type: ['player'] }, NOW);
const EVENT = {
  httpMethod: 'GET',
  headers: { apiKey: 'the secret key', 'User-Agent': 'collector/1' },
  queryStringParameters: { start_time: '20261122110000' },
  requestContext: { requestId: 'gateway-1', identity: { sourceIp: '192.0.2.7', userAgent: 'collector/1' } },
};
const HEADERS = { 'Number-Of-Results': '2', 'Content-Encoding': 'gzip' };

let lines: Line[];
let metrics: Record<string, number>;
let sent: Buffer[];
beforeEach(() => {
  lines = [];
  metrics = {};
  sent = [];
});

/** Answers a request as the function does, and waits until its body has ended, or its connection has broken. */
async function answer(
  respond: () => Promise<HttpResponse>,
  { event = {}, knowsQuery = true, breaksAfter = Number.POSITIVE_INFINITY } = {},
): Promise<void> {
  const write = (level: string) => (message: string, facts: object) => {
    lines.push({ level, message, facts: { ...facts } });
  };
  const report = reporting(
    { addContext: () => {}, info: write('info'), error: write('error') } as never,
    {
      addMetric: (name: string, _unit: string, value: number) => {
        metrics[name] = value;
      },
      publishStoredMetrics: () => {},
    } as never,
  );
  const handler = middy<HttpRequest>({
    executionMode: executionModeStreamifyResponse,
    requestEnd: report.requestEnd,
  })
    .use(report.middleware)
    .handler((request) => {
      report.noteCaller(request, { keyName: 'siem', application: undefined });
      if (knowsQuery) report.note(request, QUERY);
      return respond();
    });
  let room = breaksAfter;
  const connection = new Writable({
    write(chunk, _, callback) {
      sent.push(chunk);
      room -= chunk.length;
      callback(room < 0 ? new Error('the connection broke') : null);
    },
  });
  const invoke = handler as unknown as (
    request: HttpRequest,
    stream: Writable,
    context: object,
  ) => Promise<void>;
  const request = requestFromGateway({ ...EVENT, ...event }, NOW);
  await invoke(request, connection, { awsRequestId: 'function-1' }).catch(() => {});
}

const streamed = (chunks: Iterable<Buffer> | AsyncIterable<Buffer>) => async () => ({
  statusCode: 200,
  headers: HEADERS,
  body: Readable.from(chunks, { objectMode: false }),
});

const answered = () => lines.filter(({ message }) => message === 'request answered');

describe('a request that was answered leaves one line', () => {
  test('which says who read what, and how much', async () => {
    await answer(streamed([Buffer.alloc(300_000), Buffer.alloc(42)]));
    expect(lines).toEqual([
      {
        level: 'info',
        message: 'request answered',
        facts: {
          gatewayRequestId: 'gateway-1',
          sourceAddress: '192.0.2.7',
          method: 'GET',
          status: 200,
          key: 'siem',
          from: '2026-11-22T11:00:00.000Z',
          until: '2026-11-22T12:00:00.000Z',
          applications: ['player'],
          results: 2,
          encoding: 'gzip',
          bytes: 300_042,
          ms: expect.any(Number),
          outcome: 'complete',
        },
      },
    ]);
    expect(Buffer.concat(sent).length).toBe(300_042);
    expect(metrics).toEqual({ Status200: 1, Results: 2 });
  });

  test('when its body has ended, and not before', async () => {
    let linesUnderway = -1;
    async function* slow() {
      yield Buffer.from('[');
      await sleep(20);
      linesUnderway = lines.length;
      yield Buffer.from(']');
    }
    await answer(streamed(slow()));
    expect(linesUnderway).toBe(0);
    expect(answered()[0]?.facts).toMatchObject({ bytes: 2, outcome: 'complete' });
    expect(answered()[0]?.facts['ms']).toBeGreaterThanOrEqual(19);
  });

  test('which says that the answer was cut, if it broke', async () => {
    async function* breaking() {
      yield Buffer.from('[12345');
      await sleep(5);
      throw new Error('a damaged document');
    }
    await answer(streamed(breaking()));
    expect(answered().map(({ facts }) => facts)).toMatchObject([{ status: 200, bytes: 6, outcome: 'cut' }]);
    expect(lines).toContainEqual({ level: 'error', message: 'answer cut', facts: {} });
  });

  test('which says that the answer was cut, if the caller hung up', async () => {
    const endless = function* () {
      for (;;) yield Buffer.alloc(100_000);
    };
    await answer(streamed(endless()), { breaksAfter: 250_000 });
    expect(answered()).toHaveLength(1);
    expect(answered()[0]?.facts).toMatchObject({ outcome: 'cut' });
  });

  test('also if it was a HEAD request, which sends nothing', async () => {
    await answer(async () => ({ statusCode: 200, headers: HEADERS, body: '' }), {
      event: { httpMethod: 'HEAD' },
    });
    expect(answered().map(({ facts }) => facts)).toMatchObject([
      { method: 'HEAD', status: 200, results: 2, bytes: 0, outcome: 'complete' },
    ]);
    expect(Buffer.concat(sent).length).toBe(0);
  });
});

describe('a request that was refused leaves one line', () => {
  test('with the code of the error, and what was asked as far as it is known', async () => {
    const refuse = () => Promise.reject(new HttpError('invalid_time', 'end_time is "x"'));
    await answer(refuse, { knowsQuery: false });
    expect(lines).toHaveLength(1);
    expect(lines[0]?.facts).toEqual({
      gatewayRequestId: 'gateway-1',
      sourceAddress: '192.0.2.7',
      method: 'GET',
      status: 400,
      code: 'invalid_time',
      key: 'siem',
      bytes: Buffer.concat(sent).length,
      ms: expect.any(Number),
      outcome: 'complete',
    });
    expect(metrics).toEqual({ Status400: 1 });
  });

  test('with the window, where it was too large', async () => {
    await answer(() => Promise.reject(new HttpError('window_too_large', 'too large')));
    expect(lines).toHaveLength(1);
    expect(lines[0]?.facts).toMatchObject({
      status: 408,
      code: 'window_too_large',
      until: '2026-11-22T12:00:00.000Z',
    });
  });

  test('and, where it is our fault, what went wrong under the id the caller is told', async () => {
    await answer(() => Promise.reject(new TypeError('x is undefined')));
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'request failed'],
      ['info', 'request answered'],
    ]);
    expect(answered()[0]?.facts).toMatchObject({ status: 500, code: 'internal_error' });
    expect(JSON.parse(String(Buffer.concat(sent))).error.request_id).toBe('function-1');
  });

  test('and, where the store is not there, why', async () => {
    await answer(() => Promise.reject(new StoreUnavailable('DynamoDB failed')));
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'request failed'],
      ['info', 'request answered'],
    ]);
    expect(answered()[0]?.facts).toMatchObject({ status: 503, code: 'store_unavailable' });
  });

  test('and no body, if it was a HEAD request', async () => {
    await answer(() => Promise.reject(new HttpError('unauthorized', 'no')), {
      event: { httpMethod: 'HEAD' },
    });
    expect(Buffer.concat(sent).length).toBe(0);
    expect(answered()[0]?.facts).toMatchObject({ status: 401, bytes: 0 });
  });

  test.each([undefined, {}, { requestId: 'gateway-1' }])(
    'and is answered although the gateway says no more of it than %j',
    async (requestContext) => {
      await answer(() => Promise.reject(new TypeError('no context')), { event: { requestContext } });
      expect(answered()).toHaveLength(1);
    },
  );
});

test('no line has the key, the user agent or the query as it was sent', async () => {
  await answer(streamed([Buffer.from('the log')]));
  await answer(() => Promise.reject(new HttpError('unauthorized', 'no')));
  expect(JSON.stringify(lines)).not.toMatch(/secret key|collector|20261122110000|the log/);
});
