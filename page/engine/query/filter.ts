import { OUTCOME_OF } from '../../../shared/event/outcome.ts';
import type { Column } from '../column.ts';
import type { LogTable } from '../log-table.ts';
import { OUTCOME_FIELD } from './fields.ts';
import { matcher, textMatcher } from './matcher.ts';
import type { Query, Term, TextTerm, TimeTerm } from './query.ts';

/** Of a row that fails more than one group of terms. */
const FAILS_SEVERAL = 255;

const HEX_TEXT = /^[0-9a-f-]*$/;

/** A condition on rows: where it does not hold, `note` is called. Rows come in their order, and new ones later. */
interface Group {
  /** The field whose values it wants, if it is one that wants a field's values. */
  readonly field: string | undefined;
  /** Whether a row meets the condition. Valid until the table grows. */
  test(): (row: number) => boolean;
}

/**
 * Which rows match a query. Terms that want different values of one field are alternatives. All other terms have to hold.
 */
export class Filter {
  /** By row: 0 if it matches; n if it fails only group n, counted from 1; 255 if it fails several. */
  fails = new Uint8Array(1024);
  #length = 0;
  readonly #groups: readonly Group[];

  constructor(table: LogTable, { terms }: Query) {
    this.#groups = groupsOf(table, terms);
  }

  /**
   * Decides on the rows that were not decided on yet.
   *
   * @param length the number of rows of the table
   */
  extend(length: number): void {
    const first = this.#length;
    if (length > this.fails.length) {
      const longer = new Uint8Array(Math.max(length, this.fails.length * 2));
      longer.set(this.fails.subarray(0, first));
      this.fails = longer;
    }
    const { fails } = this;
    fails.fill(0, first, length);
    this.#groups.forEach((group, index) => {
      const test = group.test();
      for (let row = first; row < length; row++)
        if (!test(row)) fails[row] = fails[row] === 0 ? index + 1 : FAILS_SEVERAL;
    });
    this.#length = length;
  }

  /** Forgets the rows from this one on. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** @returns what `fails` has for rows that fail nothing but the wanted values of a field; 0 if the query wants none of it */
  groupOf(field: string): number {
    return this.#groups.findIndex((group) => group.field === field) + 1;
  }
}

function groupsOf(table: LogTable, terms: readonly Term[]): Group[] {
  const wanted = Map.groupBy(
    terms.filter((term) => !term.isExcluded && term.kind !== 'text'),
    (term) => (term.kind === 'field' ? term.field : 'time'),
  );
  const groups: Group[] = [...wanted].map(([field, alternatives]) => ({
    field,
    test: anyOf(alternatives.map((term) => testOf(table, term))),
  }));
  for (const term of terms) {
    if (term.kind === 'text' && !term.isExcluded)
      groups.push({ field: undefined, test: testOf(table, term) });
    if (term.isExcluded) groups.push({ field: undefined, test: not(testOf(table, term)) });
  }
  return groups;
}

type Test = Group['test'];

const not =
  (test: Test): Test =>
  () => {
    const holds = test();
    return (row) => !holds(row);
  };

const anyOf = ([first, ...others]: readonly Test[]): Test => {
  if (first === undefined) return () => () => false;
  if (others.length === 0) return first;
  return () => {
    const tests = [first, ...others].map((test) => test());
    return (row) => tests.some((holds) => holds(row));
  };
};

function testOf(table: LogTable, term: Term): Test {
  if (term.kind === 'time') return timeTest(table, term);
  if (term.kind === 'text') return textTest(table, term);
  const matches = matcher(term.pattern);
  if (term.field === OUTCOME_FIELD) {
    const outcomes: Readonly<Record<string, string>> = OUTCOME_OF;
    return columnTest(table.column('event.action'), (action) => matches(outcomes[action] ?? 'none'));
  }
  return columnTest(table.column(term.field), matches);
}

const timeTest =
  (table: LogTable, { from, until }: TimeTerm): Test =>
  () => {
    const { times } = table;
    return (row) => (times[row] as number) >= from && (times[row] as number) < until;
  };

/** Looks at each value once, and then only at numbers. */
function columnTest(column: Column, matches: (value: string) => boolean): Test {
  const hits = valueHits(column, matches);
  return () => {
    const found = hits();
    const { codes } = column;
    return (row) => found.of[codes[row] as number] === 1;
  };
}

/** Rows in which any field has the text. */
function textTest(table: LogTable, { parts }: TextTerm): Test {
  const isHexText = parts.every((part) => HEX_TEXT.test(part));
  const columns = table.columns.map((column) => ({ column, hits: textHits(column, parts) }));
  return () => {
    const found = columns.flatMap(({ column, hits }) => {
      // A column of UUIDs has no other text.
      if (column.isHex && !isHexText) return [];
      const { of, count } = hits();
      return count > 0 ? [{ of, codes: column.codes }] : [];
    });
    return (row) => {
      for (const { of, codes } of found) if (of[codes[row] as number] === 1) return true;
      return false;
    };
  };
}

/** @returns which values match */
const valueHits = (column: Column, matches: (value: string) => boolean) =>
  hitsOf(column, (from, onHit) => {
    const { values } = column;
    for (let code = from; code < values.length; code++) if (matches(values[code] as string)) onHit(code);
  });

/** @returns which values have the parts of a text: those that have its longest part are looked at */
function textHits(column: Column, parts: readonly string[]) {
  const longest = parts.reduce((one, other) => (other.length > one.length ? other : one), '');
  const matches = parts.length === 1 ? () => true : textMatcher(parts);
  const { values, searchable } = column;
  // A line feed stands between the values that are searched together.
  if (longest.includes('\n')) return valueHits(column, textMatcher(parts));
  return hitsOf(column, (from, onHit) =>
    searchable.search(longest, from, (code) => matches(values[code] as string) && onHit(code)),
  );
}

/**
 * @param find finds the values that match, from a value on
 * @returns which values of a column's dictionary match, by number, and how many; each value is looked at once
 */
function hitsOf({ values }: Column, find: (from: number, onHit: (code: number) => void) => void) {
  let of = new Uint8Array(1024);
  let known = 1;
  let count = 0;
  return () => {
    if (values.length > of.length) {
      const longer = new Uint8Array(Math.max(values.length, of.length * 2));
      longer.set(of);
      of = longer;
    }
    find(known, (code) => {
      of[code] = 1;
      count += 1;
    });
    known = values.length;
    return { of, count };
  };
}
