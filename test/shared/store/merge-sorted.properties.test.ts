import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeSorted } from '../../../shared/store/merge-sorted.ts';

test('of equal items those of the earlier list come first', () => {
  const sorted = fc.array(fc.integer({ min: 0, max: 5 })).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(sorted, { maxLength: 20 }), (lists) => {
      const items = lists.map((list, place) => list.map((value) => ({ value, place })));
      const merged = [...mergeSorted(items, (a, b) => a.value - b.value)];
      expect(merged).toEqual(items.flat().sort((a, b) => a.value - b.value));
    }),
  );
});

test('merging sorted lists is sorting all they hold', () => {
  const sorted = fc.array(fc.integer()).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(sorted, { maxLength: 20 }), (lists) => {
      const merged = [...mergeSorted(lists, (a, b) => a - b)];
      expect(merged).toEqual(lists.flat().sort((a, b) => a - b));
    }),
  );
});
