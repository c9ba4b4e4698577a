import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeliveryFault } from '../../../functions/deliver/reason.ts';
import { pacedTurns } from '../../../functions/deliver/turns.ts';
import { throughputOf } from '../../../infra/delivery-throughput.ts';
import type { ReserveInstants } from '../../../shared/store/delivery-pace.ts';
import { type VirtualTime, virtualTime } from '../../fixtures/virtual-time.ts';

const SECOND = 1000;

/** Reserves as `deliveryPace` does, after the time that DynamoDB takes. */
function memoryPace(time: VirtualTime, perSecond: number, latency: () => number): ReserveInstants {
  let next = Number.NEGATIVE_INFINITY;
  return async (count, earliest, signal) => {
    await time.sleep(latency(), signal);
    const first = Math.max(next, earliest);
    next = first + (count * SECOND) / perSecond;
    return Array.from({ length: count }, (_, i) => first + (i * SECOND) / perSecond);
  };
}

/** The most requests within any second. */
function busiestSecond(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.max(
    ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + SECOND - 0.001).length),
  );
}

describe('turns', () => {
  test('hold the rate over all processes, whatever the requests and DynamoDB take', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          perSecond: fc.integer({ min: 1, max: 50 }),
          logs: fc.integer({ min: 1, max: 60 }),
          requestMs: fc.array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 20 }),
          latencyMs: fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
          inTurn: fc.boolean(),
        }),
        async ({ perSecond, logs, requestMs, latencyMs, inTurn }) => {
          const time = virtualTime();
          const { batchSize, maxConcurrency } = throughputOf({
            concurrency: 1000,
            requestsPerSecond: perSecond,
          });
          let taken = 0;
          let asked = 0;
          const latency = () => latencyMs[asked++ % latencyMs.length] ?? 1;
          const startTurns = pacedTurns({
            reserve: memoryPace(time, perSecond, latency),
            now: time.now,
            sleep: time.sleep,
          });
          const requests: number[] = [];
          const never = new AbortController().signal;
          const request = async (turn: ReturnType<typeof startTurns>, n: number) => {
            if (!(await turn(never))) throw new Error('a turn never came');
            requests.push(time.now());
            await time.sleep(requestMs[n % requestMs.length] ?? 0);
          };
          /** A process takes batch after batch, as the probes of a circuit breaker one by one, or all at once. */
          const process = async () => {
            while (taken < logs) {
              const batch = Array.from({ length: Math.min(batchSize, logs - taken) }, () => taken++);
              const turn = startTurns(batch.length);
              if (inTurn) for (const n of batch) await request(turn, n);
              else await Promise.all(batch.map((n) => request(turn, n)));
            }
          };
          await time.until(Promise.all(Array.from({ length: 2 * maxConcurrency }, process)));
          expect(requests).toHaveLength(logs);
          expect(busiestSecond(requests)).toBeLessThanOrEqual(perSecond);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('use the whole rate while logs wait', async () => {
    const time = virtualTime();
    const startTurns = pacedTurns({
      reserve: memoryPace(time, 10, () => 5),
      now: time.now,
      sleep: time.sleep,
    });
    const never = new AbortController().signal;
    const batches = Array.from({ length: 4 }, async () => {
      for (let i = 0; i < 5; i++) {
        const turn = startTurns(10);
        await Promise.all(Array.from({ length: 10 }, () => turn(never)));
      }
    });
    await time.until(Promise.all(batches));
    // 200 requests at ten a second.
    expect(time.now()).toBeGreaterThanOrEqual(19_900);
    expect(time.now()).toBeLessThan(21_000);
  });

  test('that do not come before the function has to end are not taken', async () => {
    const time = virtualTime();
    const startTurns = pacedTurns({
      reserve: memoryPace(time, 1, () => 5),
      now: time.now,
      sleep: time.sleep,
    });
    const turn = startTurns(5);
    const deadline = time.deadline(2500);
    const taken = await time.until(Promise.all(Array.from({ length: 5 }, () => turn(deadline))));
    expect(taken).toEqual([true, true, true, false, false]);
  });

  test('that cannot be reserved are a fault on our side', async () => {
    const startTurns = pacedTurns({
      reserve: () => Promise.reject(Object.assign(new Error('secret'), { name: 'AccessDenied' })),
      now: Date.now,
    });
    const turn = startTurns(1)(new AbortController().signal);
    await expect(turn).rejects.toThrow(new DeliveryFault('a turn could not be reserved: AccessDenied'));
  });
});
