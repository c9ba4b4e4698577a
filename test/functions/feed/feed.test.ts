import { randomBytes } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { buffer, json, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, test } from 'vitest';
import { feed } from '../../../functions/feed/feed.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { InvalidCursor, UnknownFeedVersion } from '../../../shared/feed/feed-errors.ts';
import type { SlotName } from '../../../shared/feed/feed-table.ts';
import type { ReadFeed } from '../../../shared/feed/read-feed.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { httpRequest, type RequestOptions } from '../../fixtures/http-request.ts';
import { cursorAt, type FeedLog, memoryFeed } from '../../fixtures/memory-feed.ts';

const NOW = Date.UTC(2026, 10, 21, 9);
const NDJSON = { Accept: 'application/x-ndjson' };
const forever = new AbortController().signal;

const LOGS: FeedLog[] = Array.from({ length: 5 }, (_, n) => ({
  application: n % 2 === 0 ? 'player' : 'builder',
  storedAt: NOW + n,
  json: JSON.stringify({ n }),
}));

/** Asks as the gateway does. */
const ask = (
  readFeed: ReadFeed,
  request: Omit<RequestOptions, 'now'> = {},
  { cut = forever, askToResolve = async (_: readonly SlotName[]) => {} } = {},
) =>
  feed({ readFeed, askToResolve })(
    httpRequest({ now: NOW, domainName: 'logs.example', path: '/player/api/security-logs/feed', ...request }),
    CALLER,
    cut,
  );

const failing =
  (error: unknown): ReadFeed =>
  () =>
    Promise.reject(error);

describe('an answer of the feed', () => {
  test('has its logs, its place, and the way on while there is more', async () => {
    const { readFeed } = memoryFeed(LOGS);
    const first = await ask(readFeed, { parameters: { limit: ['3'], start_time: ['20261121090000'] } });
    const cursor = cursorAt(3, NOW + 3);
    expect(first).toMatchObject({
      statusCode: 200,
      headers: {
        'Content-Type': 'application/json',
        'Cache-Control': 'no-store',
        Vary: 'Accept, Accept-Encoding',
        'Number-Of-Results': '3',
        'Feed-Cursor': cursor,
        Link: `<https://logs.example/player/api/security-logs/feed?cursor=${cursor}&limit=3>; rel="next"`,
      },
    });
    expect(await text(first.body as Readable)).toBe(
      `{"events":[{"n":0},{"n":1},{"n":2}],"cursor":"${cursor}","has_more":true,"next_cursor":"${cursor}"}`,
    );

    const last = await ask(readFeed, { parameters: { cursor: [cursor], limit: ['3'] } });
    expect(last.headers['Link']).toBeUndefined();
    expect(await json(last.body as Readable)).toEqual({
      events: [{ n: 3 }, { n: 4 }],
      cursor: last.headers['Feed-Cursor'],
      has_more: false,
    });
  });

  test('at the end has no logs, and a cursor to come back with', async () => {
    const { statusCode, headers, body } = await ask(memoryFeed([]).readFeed);
    expect([statusCode, headers['Number-Of-Results']]).toEqual([200, '0']);
    expect(await json(body as Readable)).toEqual({ events: [], cursor: cursorAt(0), has_more: false });
    expect(await text((await ask(memoryFeed([]).readFeed, { headers: NDJSON })).body as Readable)).toBe('');
  });

  test('says that something may be missing, and since when', async () => {
    const { readFeed } = memoryFeed(LOGS, { gapSince: NOW - 1 });
    const { headers, body } = await ask(readFeed);
    expect(headers).toMatchObject({ 'Feed-Gap': 'true', 'Feed-Gap-Since': '2026-11-21T08:59:59.999Z' });
    expect(await json(body as Readable)).toMatchObject({ gap: true, gap_since: '2026-11-21T08:59:59.999Z' });
    const whole = await ask(memoryFeed(LOGS).readFeed);
    expect(Object.keys(whole.headers).filter((name) => name.startsWith('Feed-Gap'))).toEqual([]);
    expect(await json(whole.body as Readable)).not.toHaveProperty('gap');
  });

  test('as lines has the rest in its headers', async () => {
    const { readFeed } = memoryFeed(LOGS, { gapSince: NOW });
    const { headers, body } = await ask(readFeed, { headers: NDJSON, parameters: { limit: ['2'] } });
    expect(headers).toMatchObject({
      'Content-Type': 'application/x-ndjson',
      'Number-Of-Results': '2',
      'Feed-Cursor': cursorAt(2, NOW + 2),
      Link: expect.stringContaining(cursorAt(2, NOW + 2)),
      'Feed-Gap': 'true',
    });
    expect(await text(body as Readable)).toBe('{"n":0}\n{"n":1}\n');
  });

  test.each([{}, NDJSON])('to HEAD has the headers of GET, and no body (%j)', async (accept) => {
    const { readFeed, asked } = memoryFeed(LOGS, { gapSince: NOW });
    const request = { headers: { ...accept, 'Accept-Encoding': 'gzip' }, parameters: { limit: ['2'] } };
    const get = await ask(readFeed, request);
    expect(await ask(readFeed, { ...request, method: 'HEAD' })).toEqual({ ...get, body: '' });
    expect(asked).toHaveLength(2);
  });

  test.each([
    [{ domainName: 'logs.example', path: '/base/feed' }, 'https://logs.example/base/feed?'],
    [
      { domainName: 'logs.example', path: '/base path/<feed>' },
      'https://logs.example/base%20path/%3Cfeed%3E?',
    ],
    [{ domainName: '127.0.0.1:3000', path: '/player/feed' }, 'http://127.0.0.1:3000/player/feed?'],
  ])('links to where the gateway says that the request came to: %j', async (gateway, beginning) => {
    const { headers } = await ask(memoryFeed(LOGS).readFeed, {
      ...gateway,
      headers: { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'http' },
      parameters: { limit: ['1'], app_type: ['player'], start_time: ['now'], cursor: [cursorAt(0)] },
    });
    const cursor = headers['Feed-Cursor'];
    expect(headers['Link']).toBe(`<${beginning}cursor=${cursor}&limit=1&app_type=player>; rel="next"`);
  });

  test.each([
    { domainName: '', path: '/feed' },
    { domainName: 'not a domain', path: '/feed' },
    { domainName: 'logs.example', path: '' },
  ])('has no link where the gateway does not say so: %j', async (gateway) => {
    const { headers } = await ask(memoryFeed(LOGS).readFeed, { ...gateway, parameters: { limit: ['1'] } });
    expect(headers['Link']).toBeUndefined();
    expect(headers['Feed-Cursor']).toBe(cursorAt(1, NOW + 1));
  });

  test('is given after slots that stand still were asked for', async () => {
    const unresolved = [{ shard: 2, number: 7 }];
    const { promise, resolve } = Promise.withResolvers<void>();
    let askedFor: readonly SlotName[] | undefined;
    let isAnswered = false;
    const askToResolve = (slots: readonly SlotName[]) => {
      askedFor = slots;
      return promise;
    };
    const answer = ask(memoryFeed(LOGS, { unresolved }).readFeed, {}, { askToResolve }).then(() => {
      isAnswered = true;
    });
    await new Promise((turn) => setImmediate(turn));
    expect([askedFor, isAnswered]).toEqual([unresolved, false]);
    resolve();
    await answer;
    expect(isAnswered).toBe(true);
  });
});

describe('what is read for an answer', () => {
  const askedFor = async (request: Omit<RequestOptions, 'now'>) => {
    const { readFeed, asked } = memoryFeed(LOGS);
    await ask(readFeed, request);
    return asked[0];
  };

  test.each([
    ['identity', 10_000_000],
    ['gzip', 32_000_000],
    ['br', 32_000_000],
    ['zstd', 32_000_000],
  ])('is what can be sent in time as %s', async (encoding, maxBytes) => {
    expect(await askedFor({ headers: { 'Accept-Encoding': encoding } })).toMatchObject({ maxBytes });
  });

  test('is read until a while after the request was received, the wait for the function included', async () => {
    expect(await askedFor({})).toMatchObject({ readUntil: NOW + 2_500 });
    expect(await askedFor({ requestTimeEpoch: NOW - 2_000 })).toMatchObject({ readUntil: NOW + 500 });
  });

  test('is what the parameters ask for', async () => {
    expect(await askedFor({ parameters: { app_type: ['builder'], limit: ['7'] } })).toMatchObject({
      start: { kind: 'oldest' },
      limit: 7,
      applications: ['builder'],
    });
  });
});

describe('a request to the feed', () => {
  test('is checked parameter by parameter, then what it accepts is looked at, and then it is read', async () => {
    const { readFeed, asked } = memoryFeed(LOGS);
    const errorOf = (request: Omit<RequestOptions, 'now'>) =>
      ask(readFeed, request).catch(({ status, code, message }) => ({ status, code, message }));
    const headers = { Accept: 'text/html', 'Accept-Encoding': 'identity;q=0' };
    expect(await errorOf({ parameters: { limit: ['0'] }, headers })).toMatchObject({
      status: 400,
      code: 'invalid_limit',
    });
    expect(await errorOf({ headers })).toEqual({
      status: 406,
      code: 'not_acceptable',
      message: 'Accept is "text/html"; accepted: application/json, application/x-ndjson',
    });
    expect(await errorOf({ headers: { ...headers, ...NDJSON } })).toMatchObject({
      status: 406,
      code: 'no_acceptable_encoding',
    });
    expect(asked).toEqual([]);
  });

  test('with a cursor that is ahead of the feed is refused with what was received', async () => {
    const cursor = cursorAt(99);
    await expect(
      ask(failing(new InvalidCursor('ahead')), { parameters: { cursor: [cursor] } }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'invalid_cursor',
      message: `cursor is "${cursor}"; accepted: the cursor of an earlier answer, as it was`,
    });
  });

  test.each([new StoreUnavailable('DynamoDB failed'), new UnknownFeedVersion('slot 0.1', 9, 1)])(
    'fails before the first byte where the store does: $name',
    async (error) => {
      await expect(ask(failing(error))).rejects.toBe(error);
    },
  );

  test.each([
    ['throttles', 'ThrottlingException', 400],
    ['throttles the table', 'ProvisionedThroughputExceededException', 400],
    ['fails', 'InternalServerError', 500],
  ])('that meets a store that %s is answered with a 503', async (_, name, httpStatusCode) => {
    const error = Object.assign(new Error('of DynamoDB'), { name, $metadata: { httpStatusCode } });
    await expect(ask(failing(error))).rejects.toMatchObject({ name: 'StoreUnavailable', cause: error });
  });

  test('that the store refuses is a fault of the service', async () => {
    const error = Object.assign(new Error('no'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(ask(failing(error))).rejects.toBe(error);
  });

  test('that the store does not answer is given up after four seconds', async () => {
    const stuck: ReadFeed = (_, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const startedAt = performance.now();
    await expect(ask(stuck)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(performance.now() - startedAt).toBeGreaterThan(3_900);
  });
});

describe('a body of the feed that is not read in time', () => {
  const large = Array.from(
    { length: 1_500 },
    (_, n): FeedLog => ({
      application: 'player',
      storedAt: NOW + n,
      json: JSON.stringify({ n, text: randomBytes(1_500).toString('base64') }),
    }),
  );
  const cases = ['application/json', 'application/x-ndjson'].flatMap((Accept) =>
    ['identity', 'gzip', 'br', 'zstd'].map((encoding) => ({ Accept, 'Accept-Encoding': encoding })),
  );

  test.each(cases)('is cut, and its connection breaks: %j', { timeout: 20_000 }, async (headers) => {
    const { readFeed } = memoryFeed(large);
    const whole = await ask(readFeed, { headers, parameters: { limit: ['1500'] } });
    const wholeBytes = (await buffer(whole.body as Readable)).length;

    const deadline = new AbortController();
    const { body } = await ask(
      readFeed,
      { headers, parameters: { limit: ['1500'] } },
      { cut: deadline.signal },
    );
    let arrived = 0;
    const connection = new Writable({
      write: (chunk) => {
        arrived += chunk.length;
        deadline.abort(new Error('the time is up'));
      },
    });
    await expect(pipeline(body, connection)).rejects.toThrow('aborted');
    expect(connection.writableFinished).toBe(false);
    expect(arrived).toBeLessThan(wholeBytes);
  });
});
