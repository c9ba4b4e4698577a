import { randomBytes } from 'node:crypto';
import { type Readable, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import { query } from '../../../functions/query/query.ts';
import { HttpError } from '../../../shared/http-errors.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { parseTimeParameter } from '../../../shared/query/time-parameter.ts';
import { formatQueryTime, parseQueryTime } from '../../../shared/query/time-window.ts';
import { collect } from '../../../shared/store/collect-window.ts';
import { keyRanges } from '../../../shared/store/log-key.ts';
import type { LogStore } from '../../../shared/store/log-store.ts';
import { floorToSecond, SECOND } from '../../../shared/time.ts';
import { httpRequest, type RequestOptions } from '../../fixtures/http-request.ts';
import { type GivenLog, memoryStore } from '../../fixtures/memory-store.ts';

const DECODERS = {
  identity: (encoded: Buffer) => encoded,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};
type Encoding = keyof typeof DECODERS;
const ENCODINGS = Object.keys(DECODERS) as Encoding[];

const START = Date.UTC(2026, 10, 21, 9);
const END = START + 120 * SECOND;
const NOW = END;

/** Asks as the gateway does, of a function whose clock stands still: bytes decide what fits, not this machine. */
const asking =
  (store: Pick<LogStore, 'collect'>, { timeoutMs = 55_000, memoryBytes = 1e9 } = {}) =>
  (from: number, until: number, encoding: Encoding): Promise<HttpResponse> =>
    query({ store, timeoutMs, memoryBytes, now: () => NOW })(
      httpRequest({
        headers: { 'Accept-Encoding': encoding },
        parameters: { start_time: [formatQueryTime(from)], end_time: [formatQueryTime(until)] },
        now: NOW,
      }),
    );

/** @returns what arrives of an answer over a connection that breaks after so many bytes */
async function received({ body }: HttpResponse, breaksAfter: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let room = breaksAfter;
  const connection = new Writable({
    write(chunk, _, callback) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      callback(room < 0 ? new Error('the connection broke') : null);
    },
  });
  await pipeline(body, connection).catch(() => {});
  return Buffer.concat(chunks);
}

interface Reading {
  readonly numbers: number[];
  readonly refusals: string[];
  cuts: number;
}

/**
 * Reads a whole window as a client should: on to `next_end_time` where it is told so, with the next encoding where a
 * second is too large, and half of the window where an answer was cut.
 */
async function readAll(
  ask: ReturnType<typeof asking>,
  encodings: readonly Encoding[],
  breaksAfter = Number.POSITIVE_INFINITY,
): Promise<Reading> {
  const reading: Reading = { numbers: [], refusals: [], cuts: 0 };
  let other = 0;
  for (let [from, until] = [START, END]; from < END; ) {
    const encoding = encodings[other] ?? expect.fail('a second fits in no encoding');
    const answer = await ask(from, until, encoding).catch((error: unknown) => error);
    if (answer instanceof HttpError) {
      reading.refusals.push(answer.code);
      if (answer.code === 'second_too_large') [until, other] = [from + SECOND, other + 1];
      else until = nextEnd(answer, from, until);
      continue;
    }
    const isOneSecond = until - from === SECOND;
    const body = await received(answer as HttpResponse, isOneSecond ? Number.POSITIVE_INFINITY : breaksAfter);
    const numbers = numbersIn(body, encoding);
    if (numbers === undefined) {
      reading.cuts += 1;
      until = from + Math.max(SECOND, floorToSecond((until - from) / 2));
      continue;
    }
    expect(numbers.length).toBe(Number((answer as HttpResponse).headers['Number-Of-Results']));
    reading.numbers.push(...numbers);
    [from, until, other] = [until, END, 0];
  }
  return reading;
}

function nextEnd({ details }: HttpError, from: number, until: number): number {
  const next = parseQueryTime(details['next_end_time'] ?? '') ?? 0;
  expect(next % SECOND).toBe(0);
  expect(next).toBeGreaterThan(from);
  expect(next).toBeLessThan(until);
  return next;
}

/** The numbers of an answer's documents; undefined if it is not whole, which anyone can see. */
function numbersIn(body: Buffer, encoding: Encoding): number[] | undefined {
  try {
    const pages: Array<{ securityLogs: Array<{ n: number }> }> = JSON.parse(
      DECODERS[encoding](body).toString(),
    );
    return pages.flatMap(({ securityLogs }) => securityLogs.map(({ n }) => n));
  } catch {
    return undefined;
  }
}

/** Logs that tell their place in the order of an answer: by time, then by id. */
function numbered(timestamps: readonly number[], text = scrambled): GivenLog[] {
  return timestamps
    .toSorted((a, b) => a - b)
    .map((timestamp, n) => ({
      application: n % 3 === 0 ? 'builder' : 'player',
      timestamp,
      id: `id-${String(n).padStart(6, '0')}`,
      document: encodeDocument(JSON.stringify({ n, text: text(n) })),
    }));
}

/** Differs from number to number, so that it does not compress to nothing. */
const scrambled = (n: number): string => ((n * 2_654_435_761) % 2 ** 32).toString(36);

/** Times in the window: spread, in bursts, many in one millisecond. */
const timestamps = fc.array(
  fc.oneof(
    fc.integer({ min: START, max: END - 1 }),
    fc.integer({ min: START + 50 * SECOND, max: START + 53 * SECOND }),
    fc.constantFrom(START, START + 7 * SECOND, END - 1),
  ),
  { minLength: 80, maxLength: 160 },
);

/** What a collected log takes in memory, at most: its key and its short document. Bytes. */
const LOG_BYTES = 120;

/** Room for the logs of the second that has most of them, in bytes. */
const denseSecond = (times: readonly number[]): number =>
  LOG_BYTES * Math.max(...[...Map.groupBy(times, floorToSecond).values()].map(({ length }) => length));

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

describe('following next_end_time, and halving the window after a cut', () => {
  test.each(ENCODINGS)('gives every log exactly once and in order (%s)', async (encoding) => {
    const seen = { refusals: 0, cuts: 0 };
    await fc.assert(
      fc.asyncProperty(
        timestamps,
        fc.integer({ min: 2, max: 20 }),
        fc.double({ min: 1.2, max: 3, noNaN: true }),
        fc.integer({ min: 20, max: 120 }),
        async (times, batchSize, room, breaksAfter) => {
          const store = memoryStore(numbered(times), { batchSize });
          const ask = asking(store, { memoryBytes: room * denseSecond(times) });
          const { numbers, refusals, cuts } = await readAll(ask, [encoding], breaksAfter);
          expect(numbers).toEqual(numbersTo(times.length));
          seen.refusals += refusals.length;
          seen.cuts += cuts;
        },
      ),
      { numRuns: 8 },
    );
    expect(seen.refusals).toBeGreaterThan(5);
    expect(seen.cuts).toBeGreaterThan(0);
  });

  describe('where a second is too large as it is', () => {
    // 20 MB can be sent as they are, and 56 logs of one second are 20.2 MB.
    const dense = Array.from({ length: 56 }, (_, i) => START + 60 * SECOND + i);
    const sparse = Array.from({ length: 12 }, (_, i) => START + 10 * i * SECOND + 1);
    const text = 'x'.repeat(360_000);
    const ask = asking(memoryStore(numbered([...dense, ...sparse], () => text)), { timeoutMs: 8_000 });

    test.each(['gzip', 'br', 'zstd'] as const)('%s makes it fit', async (encoding) => {
      const { numbers, refusals } = await readAll(ask, ['identity', encoding]);
      expect(numbers).toEqual(numbersTo(68));
      expect(refusals).toContain('window_too_large');
      expect(refusals.filter((code) => code === 'second_too_large').length).toBe(1);
    });
  });
});

/** Asks as a caller does whose request is out of the ordinary. */
const askWith = (
  store: Pick<LogStore, 'collect'>,
  request: Omit<RequestOptions, 'now'>,
  { now = () => NOW, memoryBytes = 1e9 } = {},
): Promise<HttpResponse> =>
  query({ store, timeoutMs: 55_000, memoryBytes, now })(httpRequest({ now: now(), ...request }));

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
