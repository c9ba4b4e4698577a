import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialBackoff } from '../../../functions/deliver/backoff.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';

/** Doubling from five seconds up to a quarter of an hour. */
const backoffWith = (random: number) => exponentialBackoff(5_000, 15 * MINUTE, () => random);

describe('the wait before the next attempt', () => {
  const attempts = fc.integer({ min: 0, max: 100 });
  const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const age = fc.integer({ min: 0, max: 48 * HOUR });
  const asked = fc.integer({ min: 0, max: 1000 * HOUR });

  test('is more than what the service asked for, and a quarter of an hour at most where it asks for nothing', () => {
    fc.assert(
      fc.property(attempts, age, asked, chance, (n, ageMs, afterMs, random) => {
        const wait = backoffWith(random);
        expect(wait({ attempts: n, ageMs, afterMs })).toBeGreaterThan(afterMs);
        expect(wait({ attempts: n, ageMs, afterMs: 0 })).toBeLessThanOrEqual(15 * MINUTE);
        expect(wait({ attempts: n, ageMs, afterMs: 0 })).toBeGreaterThanOrEqual(2_500);
      }),
    );
  });

  test('doubles from attempt to attempt, and up to half of it is chance', () => {
    const waitAfter = (n: number, random: number) =>
      backoffWith(random)({ attempts: n, ageMs: 0, afterMs: 0 }) / 1000;
    expect([1, 2, 3, 8, 9].map((n) => waitAfter(n, 1))).toEqual([5, 10, 20, 640, 900]);
    expect([1, 2, 3].map((n) => waitAfter(n, 0))).toEqual([2.5, 5, 10]);
  });

  test('is a third as long as a log has waited already, if that was without attempts', () => {
    const waitAt = (ageMs: number) => backoffWith(1)({ attempts: 1, ageMs, afterMs: 0 });
    expect([MINUTE, 9 * MINUTE, HOUR].map(waitAt)).toEqual([MINUTE / 3, 3 * MINUTE, 15 * MINUTE]);
  });
});
