import { parseRfc3339 } from '../../../shared/query/time-window.ts';
import { HOUR, MINUTE, SECOND } from '../../../shared/time.ts';

/** A time of a query with what it leaves out: a day, or a day and a time up to minutes. */
const SHORT_TIME = /^(\d{4}-\d\d-\d\d)(?:[Tt](\d\d:\d\d)(?::(\d\d)(\.\d{1,3})?)?)?(Z|z|[+-]\d\d:\d\d)?$/;

/** An instant, and how long the time that was written lasts: a day, a minute, a second, a millisecond. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/**
 * Reads a time of a query. Without a zone it is UTC.
 *
 * @returns the milliseconds that it covers: `2026-11-21` is a day, `2026-11-21T09:00` a minute; undefined if it is none
 */
export function parseQuerySpan(text: string): Span | undefined {
  const [, date, clock, second, fraction, zone] = SHORT_TIME.exec(text) ?? [];
  if (date === undefined) return undefined;
  const read = parseRfc3339(
    `${date}T${clock ?? '00:00'}:${second ?? '00'}${fraction ?? ''}${(zone ?? 'Z').toUpperCase()}`,
  );
  if (read === undefined) return undefined;
  const length =
    clock === undefined ? 24 * HOUR : second === undefined ? MINUTE : fraction === undefined ? SECOND : 1;
  return { from: read.instant, until: read.instant + length };
}

/**
 * Reads a range of a query: `A..B`, `A..`, `..B`, `>=A`, `>A`, `<B`, `<=B`, or one time, which is as long as it is
 * written. `A..B` begins with A and ends before B.
 *
 * @returns epoch milliseconds, half-open; undefined if it is none
 */
export function parseTimeRange(text: string): Span | undefined {
  const [, sign, bound = ''] = /^(>=|>|<=|<)(.+)$/.exec(text) ?? [];
  if (sign !== undefined) {
    const span = parseQuerySpan(bound);
    if (span === undefined) return undefined;
    if (sign === '>=') return { from: span.from, until: Infinity };
    if (sign === '>') return { from: span.until, until: Infinity };
    return { from: -Infinity, until: sign === '<' ? span.from : span.until };
  }
  const [first, last, ...others] = text.split('..');
  if (last === undefined) return parseQuerySpan(text);
  const from = first === '' ? -Infinity : parseQuerySpan(first ?? '')?.from;
  const until = last === '' ? Infinity : parseQuerySpan(last)?.from;
  if (others.length > 0 || from === undefined || until === undefined || text === '..') return undefined;
  return { from, until };
}

/** Writes a range as a term of a query. */
export const writeTimeRange = (from: number, until: number): string =>
  `time:${written(from)}..${written(until)}`;

const written = (instant: number): string => new Date(instant).toISOString().replace('.000Z', 'Z');
