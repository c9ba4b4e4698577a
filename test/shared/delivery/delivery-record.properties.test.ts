import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DELIVERED_RANK,
  type DeliveryRecord,
  decodeRecord,
  encodeRecord,
  REASON_LIMIT,
} from '../../../shared/delivery/delivery-record.ts';

const AT = Date.UTC(2026, 10, 21, 9, 0, 21, 300);
const ms = fc.integer({ min: 0, max: 9_999_999_999 });
const record: fc.Arbitrary<DeliveryRecord> = fc
  .record({
    state: fc.constantFrom('delivered', 'waiting', 'failed', 'expired'),
    attempts: fc.nat(100_000),
    at: fc.integer({ min: 10_000_000_000, max: Date.UTC(9999, 0) }),
    durationMs: fc.option(ms, { nil: undefined }),
    status: fc.option(fc.integer({ min: 100, max: 599 }), { nil: undefined }),
    reason: fc.option(fc.stringMatching(/^[\x20-\x7e]{1,100}$/), { nil: undefined }),
    sinceFirst: fc.option(ms, { nil: undefined }),
    untilNext: fc.option(ms, { nil: undefined }),
  })
  .map(({ sinceFirst, untilNext, ...rest }) => ({
    ...rest,
    firstFailedAt: sinceFirst === undefined ? undefined : rest.at - sinceFirst,
    nextAttemptAt: untilNext === undefined ? undefined : rest.at + untilNext,
  })) as fc.Arbitrary<DeliveryRecord>;

const WAITING: DeliveryRecord = { state: 'waiting', attempts: 3, at: AT, reason: 'the service answered 503' };

describe('a record of a delivery', () => {
  test('reads as it was written', () => {
    fc.assert(
      fc.property(record, (written) => {
        const { state, status, reason } = written;
        const saysStatus = state !== 'delivered' && status !== undefined;
        // A status says by itself what the service answered.
        const said = reason ?? (saysStatus ? `the service answered ${status}` : undefined);
        expect(decodeRecord(encodeRecord(written))).toEqual({ ...written, reason: said });
      }),
    );
  });

  test('says the status of a service once: the reason follows from it', () => {
    const text = encodeRecord({ ...WAITING, status: 503 });
    expect(text).toBe(encodeRecord(WAITING));
    expect(text).not.toContain('the service');
    expect(decodeRecord(text)).toMatchObject({ status: 503, reason: 'the service answered 503' });
  });

  test('has a reason of ASCII alone, which is cut', () => {
    const { reason } = decodeRecord(encodeRecord({ ...WAITING, reason: `é\n${'x'.repeat(500)}` })) ?? {};
    expect(reason).toBe(`??${'x'.repeat(REASON_LIMIT - 2)}`);
  });

  test('fits into the room it has, whatever it says: the reason gives way', () => {
    fc.assert(
      fc.property(record, fc.nat(300), (written, room) => {
        const { length } = Buffer.from(encodeRecord(written, room));
        expect(length).toBeLessThanOrEqual(Math.max(room, 70));
        expect(decodeRecord(encodeRecord(written, room))).toMatchObject({
          state: written.state,
          at: written.at,
        });
      }),
    );
  });

  test('of an attempt comes after those of earlier attempts, and that of a delivered log after all others', () => {
    fc.assert(
      fc.property(record, record, (one, other) => {
        const [a, b] = [encodeRecord(one), encodeRecord(other)];
        const isDelivered = ({ state }: DeliveryRecord) => state === 'delivered';
        if (isDelivered(one) && !isDelivered(other)) expect(a > b).toBe(true);
        if (isDelivered(one) === isDelivered(other) && one.at > other.at) expect(a > b).toBe(true);
        expect(a >= DELIVERED_RANK).toBe(isDelivered(one));
      }),
    );
  });

  test.each([
    ['of a later version', (text: string) => `${text.slice(0, 16)}2${text.slice(17)}`],
    ['of an unknown state', (text: string) => `${text.slice(0, 17)}x${text.slice(18)}`],
    ['that was cut', (text: string) => text.slice(0, 22)],
    ['that is empty', () => ''],
  ])('%s cannot be read', (_, change) => {
    const text = encodeRecord(WAITING);
    expect(decodeRecord(text)).toBeDefined();
    expect(decodeRecord(change(text))).toBeUndefined();
  });
});
