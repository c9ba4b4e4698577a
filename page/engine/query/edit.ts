import { shortNameOf } from './fields.ts';
import { parseQuery } from './parse.ts';
import type { Term } from './query.ts';
import { writeTimeRange } from './time-range.ts';
import { writeValue } from './tokens.ts';

/** Whether a query wants a value of a field, does not want it, or says nothing of it. */
export type Wish = 'wanted' | 'excluded' | 'open';

/**
 * @param field the whole name of the field, or `outcome`
 * @returns what a query says of exactly this value
 */
export function wishFor(text: string, field: string, value: string): Wish {
  const term = parseQuery(text).terms.find(isAbout(field, value));
  if (term === undefined) return 'open';
  return term.isExcluded ? 'excluded' : 'wanted';
}

/** @returns the query with another wish for a value: its terms stay, but for those of this value */
export function withWish(text: string, field: string, value: string, wish: Wish): string {
  const without = withoutTerms(text, isAbout(field, value));
  if (wish === 'open') return without;
  const term = `${wish === 'excluded' ? '-' : ''}${shortNameOf(field)}:${writeValue(value)}`;
  return `${without} ${term}`.trim();
}

/** @returns the query with this range of time and no other; epoch milliseconds, half-open */
export const withTimeRange = (text: string, from: number, until: number): string =>
  `${withoutTimeRange(text)} ${writeTimeRange(from, until)}`.trim();

export const withoutTimeRange = (text: string): string => withoutTerms(text, ({ kind }) => kind === 'time');

export const hasTimeRange = (text: string): boolean =>
  parseQuery(text).terms.some(({ kind }) => kind === 'time');

const isAbout = (field: string, value: string) => (term: Term) =>
  term.kind === 'field' &&
  term.field === field &&
  term.pattern.kind === 'exact' &&
  term.pattern.value === value.toLowerCase();

function withoutTerms(text: string, isUnwanted: (term: Term) => boolean): string {
  let rest = text;
  for (const { start, end } of parseQuery(text).terms.filter(isUnwanted).reverse())
    rest = `${rest.slice(0, start).trimEnd()} ${rest.slice(end).trimStart()}`;
  return rest.trim();
}
