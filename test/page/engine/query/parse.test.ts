import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldNamed, QUERY_FIELDS, shortNameOf } from '../../../../page/engine/query/fields.ts';
import { parseQuery } from '../../../../page/engine/query/parse.ts';
import { parseTimeRange, writeTimeRange } from '../../../../page/engine/query/time-range.ts';
import { writeValue } from '../../../../page/engine/query/tokens.ts';
import { LOG_FIELD_NAMES } from '../../../../shared/log/field-names.ts';

const termsOf = (text: string) => parseQuery(text).terms.map(({ start: _, end: __, ...term }) => term);
const mistakesOf = (text: string) => parseQuery(text).mistakes.map(({ message }) => message);

describe('a query', () => {
  test.each([
    [
      'rid:r-1',
      { kind: 'field', field: 'label.rid', isExcluded: false, pattern: { kind: 'exact', value: 'r-1' } },
    ],
    [
      '-RID:"a b"',
      { kind: 'field', field: 'label.rid', isExcluded: true, pattern: { kind: 'exact', value: 'a b' } },
    ],
    [
      'rid:"a\\"*\\\\"',
      { kind: 'field', field: 'label.rid', isExcluded: false, pattern: { kind: 'exact', value: 'a"*\\' } },
    ],
    [
      'rid:a*B',
      { kind: 'field', field: 'label.rid', isExcluded: false, pattern: { kind: 'parts', parts: ['a', 'b'] } },
    ],
    ['rid:', { kind: 'field', field: 'label.rid', isExcluded: false, pattern: { kind: 'any' } }],
    ['rid:*', { kind: 'field', field: 'label.rid', isExcluded: false, pattern: { kind: 'any' } }],
    [
      'os.full:x',
      { kind: 'field', field: 'os.full', isExcluded: false, pattern: { kind: 'exact', value: 'x' } },
    ],
    ['Some', { kind: 'text', isExcluded: false, parts: ['some'] }],
    ['"rid:x y"', { kind: 'text', isExcluded: false, parts: ['rid:x y'] }],
    ['-', { kind: 'text', isExcluded: false, parts: ['-'] }],
    ['a*b', { kind: 'text', isExcluded: false, parts: ['a', 'b'] }],
  ])('%s is one term', (text, term) => {
    expect(termsOf(text)).toEqual([term]);
    expect(mistakesOf(text)).toEqual([]);
  });

  test('has its terms where they stand', () => {
    const text = '  rid:"a b"  -x';
    expect(parseQuery(text).terms.map(({ start, end }) => text.slice(start, end))).toEqual([
      'rid:"a b"',
      '-x',
    ]);
  });

  test.each([
    ['outcom:x', 'There is no field outcom. Is it outcome?'],
    ['https://example', 'There is no field https. To look for a text with a colon, put it in quotes.'],
    ['rid:"a', 'The quote has no end.'],
    ['*', 'There is no text to look for.'],
    ['time:yesterday', /^A time is written as/],
  ])('%s is a mistake, and the rest still holds', (text, message) => {
    expect(mistakesOf(`app:player ${text}`)).toEqual([
      typeof message === 'string' ? message : expect.stringMatching(message),
    ]);
    expect(termsOf(`app:player ${text}`)).toHaveLength(1);
  });

  test('takes any text, and never more terms than rows can be told apart by', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'a:"*-\\ .@\n'), maxLength: 40 }), (text) => {
        const { terms, mistakes } = parseQuery(text);
        for (const { start, end } of [...terms, ...mistakes]) expect(start).toBeLessThan(end);
      }),
    );
    const many = parseQuery('a '.repeat(300));
    expect(many.terms).toHaveLength(200);
    expect(many.mistakes).toHaveLength(100);
  });

  test('has any value that was written into it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
        expect(termsOf(`rid:${writeValue(value)}`)).toMatchObject([
          { field: 'label.rid', pattern: { kind: 'exact', value: value.toLowerCase() } },
        ]);
      }),
    );
  });
});

describe('the names of fields', () => {
  test('lead to every field of the log, and each has a short one', () => {
    for (const name of LOG_FIELD_NAMES.filter((each) => each !== '@timestamp')) {
      expect(fieldNamed(name)).toBe(name);
      expect(fieldNamed(shortNameOf(name))).toBe(name);
      expect(QUERY_FIELDS).toContain(shortNameOf(name));
    }
    expect(fieldNamed('@timestamp')).toBe('time');
    expect(fieldNamed('name')).toBeUndefined();
  });
});

describe('a range of time', () => {
  const at = Date.UTC(2026, 10, 21, 9);
  test.each([
    ['2026-11-21T09:00..2026-11-21T10:00', at, at + 3_600_000],
    ['2026-11-21T09:00', at, at + 60_000],
    ['2026-11-21T09:00:00', at, at + 1000],
    ['2026-11-21T09:00:00.000Z', at, at + 1],
    ['2026-11-21T10:00+01:00', at, at + 60_000],
    ['2026-11-21', at - 9 * 3_600_000, at + 15 * 3_600_000],
    ['>=2026-11-21T09:00', at, Infinity],
    ['>2026-11-21T09:00', at + 60_000, Infinity],
    ['<2026-11-21T09:00', -Infinity, at],
    ['<=2026-11-21T09:00', -Infinity, at + 60_000],
    ['2026-11-21T09:00..', at, Infinity],
    ['..2026-11-21T09:00', -Infinity, at],
  ])('%s', (text, from, until) => {
    expect(parseTimeRange(text)).toEqual({ from, until });
  });

  test.each(['', '..', 'a..b', '2026-02-30', '2026-11-21T25:00', '2026-11-21T09', '1..2..3'])(
    'not %j',
    (text) => {
      expect(parseTimeRange(text)).toBeUndefined();
    },
  );

  test('is read as it was written', () => {
    const instant = fc.integer({ min: 0, max: Date.UTC(9999, 0) });
    fc.assert(
      fc.property(instant, instant, (from, until) => {
        expect(termsOf(writeTimeRange(from, until))).toEqual([
          { kind: 'time', from, until, isExcluded: false },
        ]);
      }),
    );
  });
});
