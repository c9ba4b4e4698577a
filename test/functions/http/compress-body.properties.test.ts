import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compressBody } from '../../../functions/http/compress-body.ts';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';
import { ONE_STREAM } from '../../fixtures/encoded-streams.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const ENCODINGS = ['gzip', 'br', 'zstd'] as const;

/** What compresses as answers do, and what does not compress at all. */
const SOURCES = {
  logs: Buffer.from(JSON.stringify(takeSyntheticLogs(6_000, { seed: 1, start: 0 }))),
  noise: createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(9 * MIB)),
};
type Source = keyof typeof SOURCES;

/** A chunk of a body, with what happens around it: whether its maker waits before it, and whether a flush is due. */
interface Step {
  readonly size: number;
  readonly waits: boolean;
  readonly flushes: boolean;
}

const steps = (sizes: fc.Arbitrary<number>, maxLength: number): fc.Arbitrary<Step[]> =>
  fc.array(fc.record({ size: sizes, waits: fc.boolean(), flushes: fc.boolean() }), {
    minLength: 1,
    maxLength,
    size: 'max',
  });

const bodies = fc.record({
  source: fc.constantFrom<Source[]>('logs', 'noise'),
  steps: fc.oneof(
    steps(fc.integer({ min: 1, max: 300 }), 30),
    steps(fc.integer({ min: 1, max: 3 * 64 * KIB }), 12),
    steps(fc.constantFrom(64 * KIB, 128 * KIB, 256 * KIB, 512 * KIB, 600 * KIB), 6),
  ),
  flushesWhileRead: fc.boolean(),
});

/** Time enough for a flush to be due, however often an encoder flushes. */
const flushIsDue = (): void => void vi.advanceTimersByTime(10_000);

async function* made(source: Source, plan: readonly Step[]): AsyncGenerator<Buffer> {
  let at = 0;
  for (const { size, waits, flushes } of plan) {
    if (waits) await turn();
    if (flushes) flushIsDue();
    yield SOURCES[source].subarray(at, at + size);
    at += size;
  }
}

const lengthOf = (plan: readonly Step[]): number => plan.reduce((sum, { size }) => sum + size, 0);

describe.each(ENCODINGS)('a body that is encoded as %s', (encoding) => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
  afterEach(() => void vi.useRealTimers());

  const encoded = async (
    source: Source,
    plan: readonly Step[],
    flushesWhileRead = false,
  ): Promise<Buffer> => {
    const body = compressBody(Readable.from(made(source, plan), { objectMode: false }), encoding);
    if (flushesWhileRead) body.on('data', flushIsDue);
    return buffer(body);
  };

  test('is one stream and nothing more, however it is chunked and whenever it is flushed', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async ({ source, steps: plan, flushesWhileRead }) => {
        const bytes = await encoded(source, plan, flushesWhileRead);
        expect(ONE_STREAM[encoding](bytes).equals(SOURCES[source].subarray(0, lengthOf(plan)))).toBe(true);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['over 256 KiB', 300 * KIB],
    ['over 8 MiB', 8.5 * MIB],
  ])('is one stream where it is %s', async (_, length) => {
    for (const source of ['logs', 'noise'] as const) {
      const plan = Array.from({ length: Math.ceil(length / (256 * KIB)) }, () => ({
        size: 256 * KIB,
        waits: false,
        flushes: false,
      }));
      const bytes = await encoded(source, plan);
      expect(ONE_STREAM[encoding](bytes).equals(SOURCES[source].subarray(0, lengthOf(plan)))).toBe(true);
    }
  });

  test('is one stream where its end fills a buffer to the last byte', async () => {
    // Noise does not shrink, so every place where the end may fall in a buffer of 64 KiB is met here.
    for (const most of [64 * KIB, 128 * KIB]) {
      for (let size = most - 48; size <= most; size++) {
        const bytes = await encoded('noise', [{ size, waits: false, flushes: false }]);
        expect(ONE_STREAM[encoding](bytes).length).toBe(size);
      }
    }
  });
});
