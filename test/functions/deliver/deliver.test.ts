import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialBackoff } from '../../../functions/deliver/backoff.ts';
import { httpOutcome } from '../../../functions/deliver/services/http-outcome.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the status of a response', () => {
  test.each([200, 201, 202, 204, 299])('%i is a success', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({ kind: 'delivered' });
  });

  test.each([301, 302, 307, 400, 405, 410, 413, 422])('%i will not pass: the log is given up', (status) => {
    expect(httpOutcome(status, '5', NOW)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(String(status)),
    });
  });

  test.each([401, 403, 404])('%i denies the log: it is tried again a few times', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({
      kind: 'denied',
      reason: expect.stringContaining(String(status)),
    });
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i may pass: the log is tried again', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining(String(status)),
    });
  });

  test.each([
    ['120', 120_000],
    ['0', 0],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ['soon', undefined],
  ])('Retry-After %s is honoured', (retryAfter, afterMs) => {
    expect(httpOutcome(429, retryAfter, NOW)).toMatchObject({
      kind: 'failed',
      ...(afterMs !== undefined && { afterMs }),
    });
  });
});

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
