import { describe, expect, test } from 'vitest';
import { httpOutcome } from '../../../../functions/deliver/services/http-outcome.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

describe('the status of a response', () => {
  test.each([200, 201, 202, 204, 299])('%i is a success', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({ kind: 'delivered', status });
  });

  test.each([301, 302, 307, 400, 405, 410, 413, 422])('%i will not pass: the log is given up', (status) => {
    expect(httpOutcome(status, '5', NOW)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining(String(status)),
      status,
    });
  });

  test.each([401, 403, 404])('%i denies the log: it is tried again a few times', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({
      kind: 'denied',
      reason: expect.stringContaining(String(status)),
      status,
    });
  });

  test.each([408, 425, 429, 500, 502, 503, 504, 599])('%i may pass: the log is tried again', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({
      kind: 'failed',
      reason: expect.stringContaining(String(status)),
      status,
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
