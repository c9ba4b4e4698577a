import { countValues, FACET_FIELDS, type Facet, type FacetValue } from './facets.ts';
import { type Histogram, histogramOf } from './histogram.ts';
import { LogTable } from './log-table.ts';
import { processesOf } from './processes.ts';
import { fieldNamed, OUTCOME_FIELD, TIME_FIELD } from './query/fields.ts';
import { Filter } from './query/filter.ts';
import { parseQuery } from './query/parse.ts';
import type { Query } from './query/query.ts';
import { TimeOrder } from './time-order.ts';

export type Direction = 'newest' | 'oldest';

/** What the page shows of all rows that match. */
export interface Overview {
  readonly total: number;
  readonly matched: number;
  readonly histogram: Histogram;
  readonly facets: readonly Facet[];
}

const FACET_VALUES = 12;

/** All logs that the page has, which of them match the query, and in which order they are shown. */
export class LogEngine {
  readonly table = new LogTable();
  readonly #order = new TimeOrder();
  #query: Query = parseQuery('');
  #filter = new Filter(this.table, this.#query);
  #direction: Direction = 'newest';
  /** The rows that match, newest first; undefined if they must be looked for again. */
  #shown: Uint32Array | undefined;

  setQuery(text: string): void {
    this.#query = parseQuery(text);
    this.#filter = new Filter(this.table, this.#query);
    this.#shown = undefined;
  }

  setDirection(direction: Direction): void {
    this.#direction = direction;
  }

  /** @throws Error if the line is no log */
  append(line: string): void {
    this.table.append(line);
    this.#shown = undefined;
  }

  /** Removes the rows from this one on: what was taken of an answer that was cut. */
  truncate(length: number): void {
    this.#order.extend(this.table.times, this.table.length);
    this.table.truncate(length);
    this.#order.truncate(length);
    this.#filter.truncate(length);
    this.#shown = undefined;
  }

  /** @returns how many rows have this time and this text */
  countOf(time: number, line: string): number {
    return this.#rowsAt(time).filter((row) => this.table.lineOf(row) === line).length;
  }

  /** @returns the row of a time, the n-th of those that have it, 0 for the first; -1 if there is none */
  rowOf(time: number, nth: number): number {
    return this.#rowsAt(time)[nth] ?? -1;
  }

  /** @returns which of the rows of its time a row is, 0 for the first */
  nthOf(row: number): number {
    return this.#rowsAt(this.table.times[row] as number).indexOf(row);
  }

  /**
   * @param from the first instant that the page shows, epoch milliseconds
   * @param until exclusive
   */
  overview(from: number, until: number): Overview {
    const shown = this.#update();
    const zoom = this.#zoom();
    const start = Math.max(from, zoom.from);
    return {
      total: this.table.length,
      matched: shown.length,
      histogram: histogramOf(
        this.table,
        this.#filter,
        start,
        Math.max(start + 1, Math.min(until, zoom.until)),
      ),
      facets: FACET_FIELDS.map((field) => countValues(this.table, this.#filter, field, FACET_VALUES)),
    };
  }

  /** @returns the row at a place of the list, 0 for the first; undefined beyond its end */
  rowAt(place: number): number | undefined {
    const shown = this.#update();
    return this.#direction === 'newest' ? shown[place] : shown[shown.length - 1 - place];
  }

  /** @returns the place of a row in the list, -1 if it does not match */
  placeOf(row: number): number {
    const shown = this.#update();
    const place = shown.indexOf(row);
    return place < 0 || this.#direction === 'newest' ? place : shown.length - 1 - place;
  }

  /** The rows that match, in the order in which they are shown. */
  shownRows(): Uint32Array {
    const shown = this.#update();
    return this.#direction === 'newest' ? shown : shown.toReversed();
  }

  /** Prepares for a search of text in all values. */
  prepareSearch(): void {
    for (const { searchable } of this.table.columns) searchable.prepare();
  }

  processes(most: number) {
    this.#update();
    return processesOf(this.table, this.#filter, this.#order, most);
  }

  /** @returns all rows in which the field has this value, oldest first, and `most` at most */
  story(field: string, value: string, most: number): number[] {
    this.#update();
    const column = this.table.column(field);
    const isWanted = Uint8Array.from(column.values, (each, code) => Number(code > 0 && each === value));
    const rows: number[] = [];
    for (let i = this.#order.length - 1; i >= 0 && rows.length < most; i--) {
      const row = this.#order.rows[i] as number;
      if (isWanted[column.codes[row] as number] === 1) rows.push(row);
    }
    return rows;
  }

  /** @returns the most frequent values of a field that begin with a text, for completion */
  values(name: string, prefix: string, most: number): readonly FacetValue[] {
    const field = fieldNamed(name);
    if (field === undefined || field === TIME_FIELD) return [];
    this.#update();
    const wanted = prefix.toLowerCase();
    const all = field === OUTCOME_FIELD ? 10 : 5000;
    return countValues(this.table, this.#filter, field, all)
      .values.filter(({ value }) => value.toLowerCase().startsWith(wanted))
      .slice(0, most);
  }

  #rowsAt(time: number): number[] {
    this.#update();
    const { rows, length } = this.#order;
    const { times } = this.table;
    let [low, high] = [0, length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[rows[middle] as number] as number) > time) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (; low < length && times[rows[low] as number] === time; low++) found.push(rows[low] as number);
    return found;
  }

  /** The range of time that the query wants. */
  #zoom(): { from: number; until: number } {
    const wanted = this.#query.terms
      .filter((term) => term.kind === 'time')
      .filter((term) => !term.isExcluded);
    if (wanted.length === 0) return { from: -Infinity, until: Infinity };
    return {
      from: Math.min(...wanted.map(({ from }) => from)),
      until: Math.max(...wanted.map(({ until }) => until)),
    };
  }

  #update(): Uint32Array {
    if (this.#shown !== undefined) return this.#shown;
    this.#order.extend(this.table.times, this.table.length);
    this.#filter.extend(this.table.length);
    const { rows, length } = this.#order;
    const { fails } = this.#filter;
    const shown = new Uint32Array(length);
    let count = 0;
    for (let i = 0; i < length; i++) {
      const row = rows[i] as number;
      if (fails[row] === 0) shown[count++] = row;
    }
    this.#shown = shown.subarray(0, count);
    return this.#shown;
  }
}
