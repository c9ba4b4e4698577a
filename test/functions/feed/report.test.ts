import { beforeEach, describe, expect, test } from 'vitest';
import type { FeedReport } from '../../../functions/feed/report.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { parseCursor } from '../../../shared/feed/cursor.ts';
import { UnknownFeedVersion } from '../../../shared/feed/feed-errors.ts';
import type { ReadFeed } from '../../../shared/feed/read-feed.ts';
import { HttpError } from '../../../shared/http-errors.ts';
import { cursorAt, type FeedLog, memoryFeed } from '../../fixtures/memory-feed.ts';
import { invokeStreaming } from '../../fixtures/streamed-answers.ts';

// They make a handler, for which the runtime has to be there.
const { feed } = await import('../../../functions/feed/feed.ts');
const { feedReport } = await import('../../../functions/feed/report.ts');
const { readingHandler } = await import('../../../functions/http/reading-handler.ts');

const NOW = Date.UTC(2026, 10, 22, 12);
const LOGS: FeedLog[] = [3, 2, 1].map((secondsAgo, n) => ({
  application: 'player',
  storedAt: NOW - secondsAgo * 1000,
  json: JSON.stringify({ n, note: 'the log' }),
}));

interface Line {
  readonly level: string;
  readonly message: string;
  readonly facts: Record<string, unknown>;
}

let lines: Line[];
let metrics: Record<string, number>;
let published: Record<string, number>[];
let report: FeedReport;
let reads: [keyName: string, behindMs: number | undefined][];
beforeEach(() => {
  [lines, metrics, published, reads] = [[], {}, [], []];
  const write = (level: string) => (message: string, facts: object) => {
    lines.push({ level, message, facts: { ...facts } });
  };
  report = feedReport(
    { addContext: () => {}, info: write('info'), warn: write('warn'), error: write('error') } as never,
    {
      addMetric: (name: string, _unit: string, value: number) => {
        metrics[name] = value;
      },
      publishStoredMetrics: () => {
        published.push(metrics);
        metrics = {};
      },
    } as never,
    () => NOW,
    { read: (...reading) => void reads.push(reading) },
  );
});

/** Invokes the function as the gateway does: everything of it but AWS. */
function invoke(
  readFeed: ReadFeed,
  {
    method = 'GET',
    key = 'the secret key',
    headers = {},
    parameters = {},
  }: {
    method?: string;
    key?: string;
    headers?: Record<string, string>;
    parameters?: Record<string, string[]>;
  } = {},
) {
  const handler = readingHandler({
    report,
    identifyCaller: async (sent) => {
      if (sent !== 'the secret key') throw new HttpError('unauthorized', 'no');
      return { keyName: 'siem', application: undefined };
    },
    answer: feed({
      readFeed,
      askToResolve: async () => {},
      onQuery: report.noteQuery,
      onAnswer: report.noteAnswer,
    }),
  });
  return invokeStreaming(handler, {
    httpMethod: method,
    headers: { apiKey: key, 'User-Agent': 'collector/1', ...headers },
    multiValueQueryStringParameters: parameters,
    requestContext: { requestId: 'gateway-1', identity: { sourceIp: '192.0.2.7' }, requestTimeEpoch: NOW },
  });
}

const answered = () => lines.filter(({ message }) => message === 'request answered');

describe('a request to the feed leaves one line', () => {
  test('which says who read how much, and how far', async () => {
    const { body } = await invoke(memoryFeed(LOGS).readFeed, {
      headers: { 'Accept-Encoding': 'gzip', Accept: 'application/x-ndjson' },
      parameters: { limit: ['2'], app_type: ['player'] },
    });
    expect(body.length).toBeGreaterThan(0);
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
          start: 'oldest',
          limit: 2,
          applications: ['player'],
          until: new Date(NOW - 1000).toISOString(),
          format: 'application/x-ndjson',
          hasMore: true,
          gap: false,
          ageMs: 1000,
          results: 2,
          encoding: 'gzip',
          bytes: expect.any(Number),
          ms: expect.any(Number),
          outcome: 'complete',
        },
      },
    ]);
  });

  test('which says from when on it read, of a cursor its time, and has no cursor', async () => {
    const cursor = cursorAt(1);
    await invoke(memoryFeed(LOGS).readFeed, { parameters: { cursor: [cursor] } });
    await invoke(memoryFeed(LOGS).readFeed, { parameters: { start_time: ['20261121090000'] } });
    expect(answered().map(({ facts }) => [facts['start'], facts['from']])).toEqual([
      ['cursor', new Date(parseCursor(cursor)?.t ?? Number.NaN).toISOString()],
      ['since', '2026-11-21T09:00:00.000Z'],
    ]);
    expect(JSON.stringify(lines)).not.toContain(cursor);
  });

  test('and counts how far behind now it ended, only if there is no more', async () => {
    await invoke(memoryFeed(LOGS).readFeed, { parameters: { limit: ['2'] } });
    await invoke(memoryFeed(LOGS, { gapSince: NOW, damaged: 2 }).readFeed);
    expect(published).toEqual([
      { Status200: 1, Results: 2, DamagedSlots: 0, FeedGaps: 0 },
      { Status200: 1, Results: 3, DamagedSlots: 2, FeedGaps: 1, FeedAge: 1 },
    ]);
    expect(answered().map(({ facts }) => facts['gap'])).toEqual([false, true]);
  });

  test.each([
    ['a method that it has not', { method: 'POST', key: 'wrong', parameters: { limit: ['0'] } }, 405],
    ['a wrong key, before its parameters', { key: 'wrong', parameters: { limit: ['0'] } }, 401],
    ['wrong parameters', { parameters: { limit: ['0'] } }, 400],
    ['a format that is not offered', { headers: { Accept: 'text/html' } }, 406],
  ])('with %s is refused', async (_, request, status) => {
    const { readFeed, asked } = memoryFeed(LOGS);
    const { statusCode, headers, body } = await invoke(readFeed, request);
    expect([statusCode, headers['Vary'], asked]).toEqual([status, 'Accept, Accept-Encoding', []]);
    const { code } = JSON.parse(body).error;
    expect(answered().map(({ facts }) => [facts['status'], facts['code']])).toEqual([[status, code]]);
  });

  test.each([
    [new StoreUnavailable('DynamoDB failed'), 503, 'store_unavailable'],
    [new UnknownFeedVersion('slot 0.1', 9, 1), 500, 'internal_error'],
  ])('and what went wrong, where the store fails: %s', async (error, status, code) => {
    const { statusCode, headers, body } = await invoke(() => Promise.reject(error));
    expect([statusCode, JSON.parse(body).error.code]).toEqual([status, code]);
    expect(headers['Retry-After']).toBe(status === 503 ? '5' : undefined);
    expect(headers['Feed-Cursor']).toBeUndefined();
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['error', 'request failed'],
      ['info', 'request answered'],
    ]);
  });

  test('and no body to HEAD', async () => {
    const { statusCode, headers, body } = await invoke(memoryFeed(LOGS).readFeed, { method: 'HEAD' });
    expect([statusCode, headers['Number-Of-Results'], body]).toEqual([200, '3', '']);
    expect(answered()[0]?.facts).toMatchObject({ method: 'HEAD', results: 3, bytes: 0 });
  });
});

test('a request to resolve that could not be sent leaves a line, and is counted', async () => {
  report.notAskedToResolve(Object.assign(new Error('the queue at 10.0.0.1'), { code: 'ECONNREFUSED' }));
  expect(lines).toEqual([
    {
      level: 'warn',
      message: 'a request to resolve a slot could not be sent',
      facts: { error: 'ECONNREFUSED' },
    },
  ]);
  await invoke(memoryFeed(LOGS).readFeed);
  expect(published).toEqual([expect.objectContaining({ ResolveRequestsFailed: 1 })]);
});

test('no line has the key, the user agent, a cursor or a log', async () => {
  const cursor = cursorAt(1, 1);
  await invoke(memoryFeed(LOGS).readFeed, { parameters: { cursor: [cursor] } });
  await invoke(memoryFeed(LOGS).readFeed, { parameters: { cursor: [`${cursor}x`] } });
  expect(answered().map(({ facts }) => facts['status'])).toEqual([200, 400]);
  const text = JSON.stringify(lines);
  for (const secret of ['secret key', 'collector', cursor, cursorAt(3, NOW - 1000), 'the log'])
    expect(text).not.toContain(secret);
});

describe('what a consumer read', () => {
  const { readFeed } = memoryFeed(LOGS);

  test('counts once, with how long ago everything before its cursor was stored', async () => {
    await invoke(readFeed, { parameters: { cursor: [cursorAt(0, NOW - 90_000)] } });
    expect(reads).toEqual([['siem', 90_000]]);
  });

  test('counts without that if it names no cursor', async () => {
    await invoke(readFeed, { parameters: { start_time: ['now'] } });
    expect(reads).toEqual([['siem', undefined]]);
  });

  test("does not count if it is refused, or the key is nobody's", async () => {
    await invoke(readFeed, { parameters: { cursor: ['nonsense'] } });
    await invoke(readFeed, { key: 'another' });
    expect(reads).toEqual([]);
  });
});
