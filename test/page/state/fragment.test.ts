import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Choice,
  DEFAULT_CHOICE,
  RELATIVE_RANGES,
  rangeOf,
  readFragment,
  takeKey,
  writeFragment,
} from '../../../page/state/fragment.ts';

const instant = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
const text = fc.string({ unit: 'grapheme' });

const anyChoice: fc.Arbitrary<Choice> = fc.record({
  range: fc.oneof(
    fc.constantFrom(...Object.values(RELATIVE_RANGES)).map((length) => ({ kind: 'last' as const, length })),
    fc
      .record({ from: instant, length: fc.integer({ min: 1, max: 1e9 }) })
      .map(({ from, length }) => ({ kind: 'between' as const, from, until: from + length })),
  ),
  query: text,
  direction: fc.constantFrom('newest', 'oldest'),
  zone: fc.constantFrom('utc', 'local'),
  view: fc.constantFrom('events', 'processes', 'undelivered'),
  theme: fc.constantFrom('auto', 'light', 'dark'),
  open: fc.option(fc.record({ time: instant, nth: fc.nat(999) }), { nil: undefined }),
  story: fc.option(fc.record({ field: fc.constant('label.rid'), value: text }), { nil: undefined }),
});

describe('the fragment of the address', () => {
  test('has everything that was chosen', () => {
    fc.assert(
      fc.property(anyChoice, (choice) => {
        expect(readFragment(writeFragment(choice))).toEqual(choice);
      }),
    );
  });

  test('is empty by default, and anything can be read', () => {
    expect(writeFragment(DEFAULT_CHOICE)).toBe('');
    for (const fragment of ['', '%', 'range=', 'last=7y&open=x&story=:&zone=moon', 'from=2026&until=2025'])
      expect(readFragment(fragment)).toEqual(DEFAULT_CHOICE);
  });

  test('means a range up to now, or what was chosen', () => {
    expect(rangeOf({ kind: 'last', length: 5 }, 100)).toEqual({ from: 95, until: 100 });
    expect(rangeOf({ kind: 'between', from: 1, until: 2 }, 100)).toMatchObject({ from: 1, until: 2 });
  });
});

describe('a key in the fragment', () => {
  test.each(['127.0.0.1', 'localhost', '[::1]'])('is taken out of it on %s', (hostname) => {
    expect(takeKey('q=a%20b&key=s%26', hostname)).toEqual({ rest: 'q=a+b', key: 's&', isRefused: false });
  });

  test.each(['example.org', '127.0.0.1.example.org', 'localhost.example', '10.0.0.1'])(
    'is not used on %s, nor left there',
    (hostname) => {
      expect(takeKey('key=s&q=a', hostname)).toEqual({ rest: 'q=a', key: undefined, isRefused: true });
    },
  );

  test('may be missing', () => {
    expect(takeKey('q=a', 'example.org')).toEqual({ rest: 'q=a', key: undefined, isRefused: false });
    expect(takeKey('key=', 'localhost')).toEqual({ rest: '', key: undefined, isRefused: false });
  });
});
