import { randomBytes } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import { query } from '../../../functions/query/query.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { parseTimeParameter } from '../../../shared/query/time-parameter.ts';
import { formatQueryTime } from '../../../shared/query/time-window.ts';
import { collect } from '../../../shared/store/collect-window.ts';
import { keyRanges } from '../../../shared/store/log-key.ts';
import type { LogStore } from '../../../shared/store/log-store.ts';
import { SECOND } from '../../../shared/time.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { httpRequest, type RequestOptions } from '../../fixtures/http-request.ts';
import { memoryStore } from '../../fixtures/memory-store.ts';
import {
  asking,
  ENCODINGS,
  END,
  LOG_BYTES,
  NOW,
  numbered,
  numbersIn,
  numbersTo,
  START,
  timestamps,
} from '../../fixtures/query-answers.ts';

/** Asks as a caller does whose request is out of the ordinary. */
const askWith = (
  store: Pick<LogStore, 'collect'>,
  request: Omit<RequestOptions, 'now'>,
  { now = () => NOW, memoryBytes = 1e9 } = {},
): Promise<HttpResponse> =>
  query({ store, timeoutMs: 55_000, memoryBytes, now })(httpRequest({ now: now(), ...request }), CALLER);

const windowOf = (start_time: string, end_time?: string) => ({
  parameters: { start_time: [start_time], ...(end_time && { end_time: [end_time] }) },
});

describe('the End-Time of an answer', () => {
  test.each([
    ['20261121090000', '20261121090010', '20261121090010'],
    ['20261121090000', '2026-11-21T10:00:10.5+01:00', '2026-11-21T10:00:10.5+01:00'],
    ['20261121090000', undefined, '20261121090200'],
    ['2026-11-21T09:03:00.25Z', undefined, '2026-11-21T09:03:00.25Z'],
  ])('from %s until %s is %s', async (start, end, endTime) => {
    const { statusCode, headers } = await askWith(memoryStore([]), windowOf(start, end));
    expect([statusCode, headers['End-Time']]).toEqual([200, endTime]);
  });

  test.each(['YYYYMMDDHHMMSS', 'RFC 3339'])(
    'is where a poller goes on without gap and repeat, however often it polls (%s)',
    async (format) => {
      await fc.assert(
        fc.asyncProperty(timestamps, fc.array(fc.integer({ min: 0, max: 3000 })), async (times, pauses) => {
          const store = memoryStore(numbered(times));
          let now = START;
          let from = format === 'RFC 3339' ? new Date(START).toISOString() : formatQueryTime(START);
          const found: number[] = [];
          for (const pause of [...pauses, END]) {
            now += pause;
            const end = format === 'RFC 3339' ? new Date(now).toISOString() : undefined;
            const { headers, body } = await askWith(store, windowOf(from, end), { now: () => now });
            found.push(...(numbersIn(await buffer(body as Readable), 'identity') ?? []));
            from = headers['End-Time'] ?? '';
          }
          expect(found).toEqual(numbersTo(times.length));
        }),
        { numRuns: 10 },
      );
    },
  );
});

describe('a HEAD request', () => {
  test('is answered with the headers of GET, and without a body', async () => {
    const store = memoryStore(numbered([START, START + 1]));
    const request = { ...windowOf('20261121090000'), headers: { 'Accept-Encoding': 'gzip' } };
    const get = await askWith(store, request);
    const head = await askWith(store, { ...request, method: 'HEAD' });
    expect(head).toEqual({ ...get, body: '' });
    expect(head.headers).toMatchObject({ 'Number-Of-Results': '2', 'Number-Of-Pages': '1' });
  });
});

describe('what a caller is told to ask next', () => {
  const store = memoryStore(numbered(numbersTo(2000).map((n) => START + n * 10)));
  test.each([
    ['20261121090000', '20261121090200', /^\d{14}$/],
    ['2026-11-21T09:00:00Z', '2026-11-21T09:02:00Z', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ['2026-11-21T09:00:00Z', undefined, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
    ['20261121090000', '2026-11-21T10:02:00+01:00', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ])('is in the form in which it asked, from %s until %s', async (start, end, form) => {
    const error = await askWith(store, windowOf(start, end), { memoryBytes: 500 * LOG_BYTES }).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ status: 408, code: 'window_too_large' });
    expect(error.details.next_end_time).toMatch(form);
    const next = parseTimeParameter(error.details.next_end_time)?.instant ?? 0;
    expect(next).toBeGreaterThan(START);
    expect(next).toBeLessThan(START + 20 * SECOND);
  });
});

describe('a request', () => {
  test.each([undefined, null, Number.NaN, 0, 'yesterday', NOW * 1000])(
    'that is said to have begun at %j is answered as one that begins now',
    async (requestTimeEpoch) => {
      const request = { ...windowOf('20261121090000'), requestTimeEpoch };
      expect((await askWith(memoryStore([]), request)).statusCode).toBe(200);
    },
  );

  test('is checked parameter by parameter before what it accepts is looked at', async () => {
    const headers = { Accept: 'text/html', 'Accept-Encoding': 'identity;q=0' };
    const ask = (request: Omit<RequestOptions, 'now'>) =>
      askWith(memoryStore([]), request).catch((error) => error.code);
    expect(await ask({ ...windowOf('x'), headers })).toBe('invalid_time');
    expect(await ask({ ...windowOf('20261121090000'), headers })).toBe('not_acceptable');
    expect(
      await ask({ ...windowOf('20261121090000'), headers: { ...headers, Accept: 'application/json' } }),
    ).toBe('no_acceptable_encoding');
  });

  test('of two applications with the same time and id has Builder before Player', async () => {
    const document = (n: number) => encodeDocument(JSON.stringify({ n }));
    const store = memoryStore(
      ['a', 'b', 'c', 'd', 'e'].flatMap((id, i) => [
        { application: 'player', timestamp: START, id, document: document(2 * i + 1) },
        { application: 'builder', timestamp: START, id, document: document(2 * i) },
      ]),
    );
    const { body } = await askWith(store, windowOf('20261121090000'));
    expect(numbersIn(await buffer(body as Readable), 'identity')).toEqual(numbersTo(10));
  });

  test('gives up the reads that are under way when its time is up', async () => {
    let givenUp = 0;
    const stuck: Pick<LogStore, 'collect'> = {
      collect: (window, applications, _now, limits) =>
        collect(
          keyRanges(window, applications),
          (_range, _after, signal) =>
            new Promise((_, reject) => {
              const giveUp = (): void => {
                givenUp += 1;
                reject(signal.reason);
              };
              signal.addEventListener('abort', giveUp, { once: true });
            }),
          limits,
        ),
    };
    const answer = asking(stuck, { timeoutMs: 1_100 })(START, END, 'gzip');
    await expect(answer).rejects.toMatchObject({ status: 408, code: 'read_too_slow' });
    expect(givenUp).toBe(16);
  });

  test.each(ENCODINGS)(
    'that meets a document of an unknown version fails before the first byte (%s)',
    async (encoding) => {
      const logs = numbered(numbersTo(300).map((n) => START + n * 100));
      const strange = Buffer.from(logs[299]?.document ?? []);
      strange[0] = 9;
      const store = memoryStore([...logs, { timestamp: END - 1, id: 'strange', document: strange }]);
      await expect(asking(store)(START, END, encoding)).rejects.toMatchObject({
        name: 'UnknownDocumentVersion',
        version: 9,
      });
    },
  );

  test('reads little more than what it may hold', async () => {
    let reads = 0;
    const times = Array.from({ length: 20_000 }, (_, i) => START + 6 * i);
    const store = memoryStore(numbered(times), { onRead: () => (reads += 1) });
    const answer = asking(store, { memoryBytes: 1_000 * LOG_BYTES })(START, END, 'zstd');
    await expect(answer).rejects.toMatchObject({ status: 408, code: 'window_too_large' });
    // 20 pages fill the memory, and as many as are read at a time may be under way.
    expect(reads).toBeLessThanOrEqual(40);
  });

  test('whose answer is not read is cut when its time is up, in every encoding', async () => {
    const logs = numbersTo(1_500).map((n) => ({
      timestamp: START + n,
      id: String(n),
      document: encodeDocument(JSON.stringify(randomBytes(1_500).toString('base64'))),
    }));
    const ask = asking(memoryStore(logs, { batchSize: 500 }), { timeoutMs: 2_500 });
    await Promise.all(
      ENCODINGS.map(async (encoding) => {
        const { statusCode, body } = await ask(START, END, encoding);
        const arrived: Buffer[] = [];
        const connection = new Writable({ write: (chunk) => void arrived.push(chunk) });
        await expect(pipeline(body, connection)).rejects.toThrow('aborted');
        expect([statusCode, connection.writableFinished]).toEqual([200, false]);
        expect(numbersIn(Buffer.concat(arrived), encoding)).toBeUndefined();
      }),
    );
  });
});
