import { beforeEach, describe, expect, test } from 'vitest';
import { memoize } from '../../shared/memoize.ts';

describe('a memoized function', () => {
  const computed: string[] = [];
  const length = memoize({ entries: 2, characters: 3 }, (text) => {
    computed.push(text);
    return { length: text.length };
  });
  const ask = (...texts: string[]) => {
    computed.length = 0;
    for (const text of texts) expect(length(text)).toEqual({ length: text.length });
    return computed;
  };
  // Two texts that no test asks for, so that none finds what another has left.
  beforeEach(() => void ask('-', '--'));

  test('is computed once for each text', () => {
    expect(ask('a', 'b', 'a', 'b', 'a')).toEqual(['a', 'b']);
  });

  test('is computed again for the first text when there are too many', () => {
    expect(ask('a', 'b', 'c', 'b', 'c', 'a')).toEqual(['a', 'b', 'c', 'a']);
  });

  test('is computed each time for a text that is too long to keep, which pushes no other out', () => {
    expect(ask('a', 'b', 'long', 'long', 'a', 'b')).toEqual(['a', 'b', 'long', 'long']);
  });

  test('takes names like __proto__ and the empty text for texts', () => {
    expect(memoize({ entries: 2, characters: 20 }, (text) => text)('__proto__')).toBe('__proto__');
    expect(ask('', '')).toEqual(['']);
  });
});
