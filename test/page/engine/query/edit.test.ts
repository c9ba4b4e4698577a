import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completed, fieldsBeginningWith, unfinishedAt } from '../../../../page/engine/query/complete.ts';
import {
  hasTimeRange,
  wishFor,
  withoutTimeRange,
  withTimeRange,
  withWish,
} from '../../../../page/engine/query/edit.ts';
import { parseQuery } from '../../../../page/engine/query/parse.ts';
import { anyQuery, writeQuery } from '../naive-query.ts';

const value = fc.string({ minLength: 1, unit: 'grapheme' });

describe('a wish for a value', () => {
  test('is what the query says then, and leaves all other terms', () => {
    fc.assert(
      fc.property(anyQuery, value, (query, wanted) => {
        const text = writeQuery(query);
        const included = withWish(text, 'geo.region_name', wanted, 'wanted');
        expect(wishFor(included, 'geo.region_name', wanted)).toBe('wanted');
        const excluded = withWish(included, 'geo.region_name', wanted, 'excluded');
        expect(wishFor(excluded, 'geo.region_name', wanted)).toBe('excluded');
        expect(parseQuery(excluded).terms).toHaveLength(parseQuery(text).terms.length + 1);
        const open = withWish(excluded, 'geo.region_name', wanted, 'open');
        expect(wishFor(open, 'geo.region_name', wanted)).toBe('open');
        expect(parseQuery(open).terms.map(({ kind }) => kind)).toEqual(
          parseQuery(text).terms.map(({ kind }) => kind),
        );
      }),
    );
  });

  test('is written with the short name of the field', () => {
    expect(withWish('chrome', 'geo.country_name', 'United Kingdom', 'excluded')).toBe(
      'chrome -country:"United Kingdom"',
    );
  });
});

test('a query has one range of time, or none', () => {
  const text = 'a time:2026-11-21 b';
  const zoomed = withTimeRange(text, 0, 60_000);
  expect(zoomed).toBe('a b time:1970-01-01T00:00:00Z..1970-01-01T00:01:00Z');
  expect(hasTimeRange(zoomed)).toBe(true);
  expect(withoutTimeRange(zoomed)).toBe('a b');
});

describe('completion', () => {
  test.each([
    ['', { kind: 'field', prefix: '' }],
    ['app:player ou', { kind: 'field', prefix: 'ou' }],
    ['-ou', { kind: 'field', prefix: 'ou' }],
    ['country:', { kind: 'value', field: 'country', prefix: '' }],
    ['country:Uni', { kind: 'value', field: 'country', prefix: 'Uni' }],
    ['country:"United K', { kind: 'value', field: 'country', prefix: 'United K' }],
    ['country:"a\\"b', { kind: 'value', field: 'country', prefix: 'a"b' }],
    ['time:2026', undefined],
    ['country:"United Kingdom"', undefined],
  ])('at the end of %j', (text, unfinished) => {
    if (unfinished === undefined) expect(unfinishedAt(text, text.length)).toBeUndefined();
    else expect(unfinishedAt(text, text.length)).toMatchObject(unfinished);
  });

  test('puts a choice in the place of what was begun', () => {
    const text = 'app:player country:Un -x';
    const unfinished = unfinishedAt(text, 'app:player country:Un'.length);
    if (unfinished === undefined) throw new Error('nothing to complete');
    expect(completed(text, unfinished, 'United Kingdom')).toEqual({
      text: 'app:player country:"United Kingdom" -x',
      caret: 'app:player country:"United Kingdom" '.length,
    });
    const field = unfinishedAt('-ou', 3);
    if (field === undefined) throw new Error('nothing to complete');
    expect(completed('-ou', field, 'outcome')).toEqual({ text: '-outcome:', caret: 9 });
    expect(fieldsBeginningWith('OUT')).toEqual(['outcome']);
    expect(unfinishedAt('country', 3)).toBeUndefined();
  });
});
