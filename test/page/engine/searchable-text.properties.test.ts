import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SearchableText } from '../../../page/engine/searchable-text.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', 'C', 'é'), maxLength: 4 });

test('a search finds the values that have the text, and no others, also among those that come later', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 30 }), text, fc.nat(30), (seeds, wanted, from) => {
      const values = Array.from({ length: 5000 }, (_, i) => (i % 97 === 0 ? (seeds[i % 29] ?? '') : 'x'));
      const searchable = new SearchableText(values);
      const found: number[] = [];
      const lower = wanted.toLowerCase();
      searchable.search(lower, from, (number) => found.push(number));
      const before = values.length;
      values.push(...seeds);
      searchable.search(lower, before, (number) => found.push(number));
      const naive = values.flatMap((value, i) =>
        i >= from && value.toLowerCase().includes(lower) ? [i] : [],
      );
      expect(found).toEqual(naive);
    }),
  );
});
