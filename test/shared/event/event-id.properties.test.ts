import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { storedId } from '../../../shared/event/event-id.ts';

/** Short and long ids, ill-formed ones, and what others are replaced by. */
const plainId = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', minLength: 20, maxLength: 90 }),
  fc.array(fc.integer({ min: 0xd700, max: 0xe0ff }), { maxLength: 4 }).map((u) => String.fromCharCode(...u)),
);
const anyId = fc.oneof(
  plainId,
  plainId.map((id) => storedId(`${id}${'x'.repeat(129)}`)),
  plainId.map((id) => storedId(storedId(`${id}\ud800`))),
);

describe('the id under which a log is kept', () => {
  test('has at most 128 bytes of well-formed Unicode', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(Buffer.byteLength(storedId(id))).toBeLessThanOrEqual(128);
        expect(storedId(id).isWellFormed()).toBe(true);
      }),
    );
  });

  test('is another one for another id', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyId, { minLength: 2, maxLength: 20 }), (ids) => {
        expect(new Set(ids.map(storedId)).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  test('is never that of the id it was made from, where that was replaced', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        const kept = storedId(id);
        if (kept !== id) expect(storedId(kept)).not.toBe(kept);
      }),
    );
  });
});
