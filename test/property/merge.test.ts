import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeSorted } from '../../shared/merge.ts';

test('merging sorted lists is sorting all they hold', () => {
  const sorted = fc.array(fc.integer()).map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(fc.array(sorted, { maxLength: 20 }), (lists) => {
      const merged = [...mergeSorted(lists, (a, b) => a - b)];
      expect(merged).toEqual(lists.flat().sort((a, b) => a - b));
    }),
  );
});
