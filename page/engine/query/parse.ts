import { fieldNamed, QUERY_FIELDS, TIME_FIELD } from './fields.ts';
import type { Mistake, Pattern, Query, Term } from './query.ts';
import { parseTimeRange } from './time-range.ts';
import { type Token, tokensOf, type Value } from './tokens.ts';

/** More terms of different fields are not told apart while rows are looked at. */
const MOST_TERMS = 200;

/**
 * Reads the text of a query (docs/page.md#the-query-language). What cannot be understood is named, and left out.
 */
export function parseQuery(text: string): Query {
  const terms: Term[] = [];
  const mistakes: Mistake[] = [];
  for (const token of tokensOf(text)) {
    const read = terms.length < MOST_TERMS ? termOf(token) : `A query has ${MOST_TERMS} terms at most.`;
    if (typeof read === 'string') mistakes.push({ start: token.start, end: token.end, message: read });
    else terms.push(read);
  }
  return { terms, mistakes };
}

/** @returns the term, or a sentence that says what is wrong */
function termOf({ start, end, isExcluded, name, value, isOpen }: Token): Term | string {
  const placed = { start, end, isExcluded };
  if (isOpen) return 'The quote has no end.';
  if (name === undefined) {
    const parts = value.parts.map(lower);
    return parts.some((part) => part !== '')
      ? { kind: 'text', parts, ...placed }
      : 'There is no text to look for.';
  }
  const field = fieldNamed(name);
  if (field === undefined) return unknownField(name);
  if (field !== TIME_FIELD) return { kind: 'field', field, pattern: patternOf(value), ...placed };
  const range = parseTimeRange(value.parts.join('*'));
  return range === undefined
    ? 'A time is written as time:2026-11-21T09:00..2026-11-21T10:00, time:>=2026-11-21 or time:<2026-11-21T09:00:30Z.'
    : { kind: 'time', ...range, ...placed };
}

/** `field:` and `field:*` mean any value. */
function patternOf({ parts, isQuoted }: Value): Pattern {
  const [first = ''] = parts;
  if (parts.length > 1)
    return parts.every((part) => part === '') ? { kind: 'any' } : { kind: 'parts', parts: parts.map(lower) };
  return first === '' && !isQuoted ? { kind: 'any' } : { kind: 'exact', value: lower(first) };
}

const lower = (text: string): string => text.toLowerCase();

function unknownField(name: string): string {
  const near = QUERY_FIELDS.filter((field) => field.startsWith(name.slice(0, 3).toLowerCase())).slice(0, 3);
  const hint =
    near.length > 0 ? ` Is it ${near.join(', ')}?` : ' To look for a text with a colon, put it in quotes.';
  return `There is no field ${name}.${hint}`;
}
