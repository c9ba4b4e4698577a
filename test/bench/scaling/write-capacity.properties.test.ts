import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SLICES_A_SECOND, WriteCapacity, write } from '../../../bench/scaling/write-capacity.ts';

const SECONDS = 10;
const SLICES = SECONDS * SLICES_A_SECOND;
const slice = fc.integer({ min: 0, max: SLICES - 1 });
const writes = fc.array(fc.record({ units: fc.integer({ min: 1, max: 300 }), from: slice, until: slice }), {
  maxLength: 60,
});
const limit = fc.integer({ min: 1, max: 100 }).map((units) => units * SLICES_A_SECOND);

test('no slice takes more than either limit, and what is written is what was taken', () => {
  fc.assert(
    fc.property(limit, limit, writes, (one, other, requests) => {
      const capacities = [new WriteCapacity(one, SECONDS), new WriteCapacity(other, SECONDS)] as const;
      let total = 0;
      for (const { units, from, until } of requests) {
        const { written, slice: last } = write(capacities, units, from, until);
        expect(written).toBeLessThanOrEqual(units);
        if (written > 0) {
          expect(last).toBeGreaterThanOrEqual(from);
          expect(last).toBeLessThan(until);
        }
        total += written;
      }
      for (const [i, capacity] of capacities.entries()) {
        const most = i === 0 ? one : other;
        let taken = 0;
        for (let at = 0; at < SLICES; at++) {
          const share = capacity.share(at, at + 1);
          expect(share).toBeLessThanOrEqual(1 + 1e-9);
          taken += (share * most) / SLICES_A_SECOND;
        }
        expect(taken).toBeCloseTo(total, 6);
      }
    }),
  );
});

test('a write leaves nothing for later if there is room before its end', () => {
  fc.assert(
    fc.property(limit, writes, (most, requests) => {
      const capacities = [new WriteCapacity(most, SECONDS), new WriteCapacity(1e6, SECONDS)] as const;
      for (const { units, from, until } of requests) {
        const { written } = write(capacities, units, from, until);
        if (written < units && from < until) expect(capacities[0].share(from, until)).toBeCloseTo(1, 6);
      }
    }),
  );
});
