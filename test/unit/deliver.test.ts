import type { SQSRecord } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exponentialBackoff } from '../../functions/deliver/backoff.ts';
import { deliverBatch } from '../../functions/deliver/deliver.ts';
import { httpOutcome } from '../../functions/deliver/http-outcome.ts';
import type { Delivery, DeliveryOutcome } from '../../functions/deliver/outcome.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

describe('the status of a response', () => {
  test.each([200, 201, 202, 204, 299])('%i is a success', (status) => {
    expect(httpOutcome(status, undefined, NOW)).toEqual({ kind: 'delivered' });
  });

  test.each([301, 302, 307, 400, 401, 403, 404, 410, 413, 422])(
    '%i will not pass: the log is given up',
    (status) => {
      expect(httpOutcome(status, '5', NOW)).toEqual({
        kind: 'refused',
        reason: expect.stringContaining(String(status)),
      });
    },
  );

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

describe('the wait before the next attempt', () => {
  const attempts = fc.integer({ min: 1, max: 100 });
  const chance = fc.double({ min: 0, max: 1, noNaN: true });

  test('is at least what the service asked for, and never more than SQS can hide a message', () => {
    fc.assert(
      fc.property(attempts, fc.integer({ min: 0, max: 1000 * HOUR }), chance, (n, afterMs, random) => {
        const wait = exponentialBackoff(5_000, () => random)(n, afterMs);
        expect(wait).toBeGreaterThanOrEqual(Math.min(afterMs, 11 * HOUR));
        expect(wait).toBeLessThan(12 * HOUR);
      }),
    );
  });

  test('doubles from attempt to attempt, up to an hour, and half of it is chance', () => {
    const [longest, shortest] = [1, 0].map((random) => exponentialBackoff(5_000, () => random));
    expect([1, 2, 3, 4, 50].map((n) => longest?.(n, 0))).toEqual([5_000, 10_000, 20_000, 40_000, HOUR]);
    expect(shortest?.(1, 0)).toBe(2_500);
  });
});

describe('a batch of announcements', () => {
  const KEY = { partitionKey: '1#player#3', sortKey: '001795251600000#the-id' };
  const keyOf = (id: string) => ({ ...KEY, sortKey: `001795251600000#${id}` });
  const announcement = (key: object = KEY, source = 'security-logs') =>
    JSON.stringify({
      source,
      'detail-type': 'Security Log Stored',
      detail: { id: 'forged', key, log: { forged: true } },
    });

  /** Delivers one message; the table holds every log but the one called gone. */
  async function run(
    body: string,
    outcome: DeliveryOutcome | Error,
    { queueFails = false, attempts = 1 } = {},
  ) {
    const delivered: Delivery[] = [];
    const deadLetters: string[] = [];
    const postponed: number[] = [];
    const handle = deliverBatch({
      store: { get: async (key) => (key.sortKey.endsWith('#gone') ? undefined : '{"the":"log"}') },
      service: async (delivery) => {
        delivered.push(delivery);
        if (outcome instanceof Error) throw outcome;
        return outcome;
      },
      queue: {
        postpone: async (_, ms) => {
          if (queueFails) throw new Error('queue failed');
          postponed.push(ms);
        },
        deadLetter: async (_, reason) => {
          if (queueFails) throw new Error('queue failed');
          deadLetters.push(reason);
        },
      },
      report: () => {},
      now: () => NOW,
      backoff: exponentialBackoff(5_000, () => 1),
    });
    const attributes = { ApproximateReceiveCount: String(attempts) } as SQSRecord['attributes'];
    const Records = [{ messageId: 'm', body, attributes } as SQSRecord];
    const { batchItemFailures } = await handle({ Records }, new AbortController().signal);
    return { delivered, deadLetters, postponed, failed: batchItemFailures.length };
  }
  const success: DeliveryOutcome = { kind: 'delivered' };

  test('delivers what the table holds, never what the announcement says', async () => {
    const { delivered, failed } = await run(announcement(), success);
    expect(delivered).toEqual([
      { id: 'player-20261121T090000000Z-the-id', timestamp: 1795251600000, json: '{"the":"log"}' },
    ]);
    expect(failed).toBe(0);
  });

  test('drops what is not in the table: expired meanwhile, or forged', async () => {
    const outcome = await run(announcement(keyOf('gone')), success);
    expect(outcome).toEqual({ delivered: [], deadLetters: [], postponed: [], failed: 0 });
  });

  test.each([
    ['no JSON', 'not JSON'],
    ['another source', announcement(KEY, 'easysend.player')],
    ['no key', announcement({})],
  ])('gives up what is no announcement: %s', async (_, body) => {
    const { delivered, deadLetters, failed } = await run(body, success);
    expect([delivered, deadLetters, failed]).toEqual([[], [expect.stringContaining('announcement')], 0]);
  });

  test('puts what was refused into the dead-letter queue at once, with the reason', async () => {
    const { deadLetters, failed } = await run(announcement(), {
      kind: 'refused',
      reason: 'the service answered 410',
    });
    expect([deadLetters, failed]).toEqual([['the service answered 410'], 0]);
  });

  test('postpones what failed, longer each time, and leaves it in the queue', async () => {
    const unavailable: DeliveryOutcome = {
      kind: 'failed',
      reason: 'the service answered 503',
      afterMs: 60_000,
    };
    const { postponed, failed } = await run(announcement(), unavailable, { attempts: 3 });
    expect([postponed, failed]).toEqual([[80_000], 1]);
  });

  test('leaves in the queue what met a fault of ours, or could not be put anywhere else', async () => {
    expect((await run(announcement(), new Error('ours'))).failed).toBe(1);
    const refused: DeliveryOutcome = { kind: 'refused', reason: 'the service answered 410' };
    expect((await run(announcement(), refused, { queueFails: true })).failed).toBe(1);
  });
});
