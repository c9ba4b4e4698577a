import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import { HttpError } from '../../../shared/http-errors.ts';
import { parseQueryTime } from '../../../shared/query/time-window.ts';
import { floorToSecond, SECOND } from '../../../shared/time.ts';
import { memoryStore } from '../../fixtures/memory-store.ts';
import {
  asking,
  ENCODINGS,
  END,
  type Encoding,
  LOG_BYTES,
  numbered,
  numbersIn,
  numbersTo,
  START,
  timestamps,
} from '../../fixtures/query-answers.ts';

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

/** Room for the logs of the second that has most of them, in bytes. */
const denseSecond = (times: readonly number[]): number =>
  LOG_BYTES * Math.max(...[...Map.groupBy(times, floorToSecond).values()].map(({ length }) => length));

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
