import { FLAG_FIELDS, LOG_FIELD_NAMES } from '../../shared/log/field-names.ts';
import { Column } from './column.ts';
import { lineWriter } from './line-writer.ts';

/** A group of the log's JSON, or the place of a field in `LOG_FIELD_NAMES`. */
type Place = number | Places;
type Places = Map<string, Place>;

const TIMESTAMP = LOG_FIELD_NAMES.indexOf('@timestamp');
const FLAGS = new Set<number>(
  FLAG_FIELDS.map((name) => (LOG_FIELD_NAMES as readonly string[]).indexOf(name)),
);
const PATHS: readonly (readonly string[])[] = LOG_FIELD_NAMES.map((name) => name.split('.'));

const PLACES: Places = new Map();
PATHS.forEach((path, field) => {
  let group = PLACES;
  for (const name of path.slice(0, -1)) {
    const known = group.get(name);
    const inner: Places = known instanceof Map ? known : new Map();
    group.set(name, inner);
    group = inner;
  }
  group.set(path.at(-1) ?? '', field);
});

/** What a log has, by the place of the field. */
type Values = (string | undefined)[];

/**
 * Logs by column. Row numbers are the order of arrival. The line of a log can be had again as it came: it is put together
 * from the columns, or kept whole where that would give another text (a field that the page does not know, another order).
 */
export class LogTable {
  /** By the place of the field; the time has none of its own. */
  readonly columns: readonly Column[] = LOG_FIELD_NAMES.map((name) => new Column(name));
  /** Epoch milliseconds, by row. It may be longer than the table. */
  times = new Float64Array(1024);
  #length = 0;
  readonly #kept = new Map<number, string>();
  readonly #writer = lineWriter(PATHS);
  /** The JSON of values, by field and number. */
  readonly #json: string[][] = PATHS.map(() => []);
  readonly #values: Values = LOG_FIELD_NAMES.map(() => undefined);

  /** The number of rows. */
  get length(): number {
    return this.#length;
  }

  /** @throws Error if there is no such field */
  column(name: string): Column {
    const column = this.columns.find((each) => each.name === name);
    if (column === undefined) throw new Error(`there is no field ${name}`);
    return column;
  }

  /**
   * Adds a log.
   *
   * @param line the JSON of a log in the published format (docs/contract.md#the-security-log)
   * @throws Error if it is no JSON object with a time
   */
  append(line: string): void {
    const log: unknown = JSON.parse(line);
    if (!isGroup(log)) throw new Error('the line is no JSON object');
    this.#values.fill(undefined);
    const isCanonical = collect(this.#values, PLACES, log, { last: -1 });
    const timestamp = this.#values[TIMESTAMP] ?? '';
    const time = Date.parse(timestamp);
    if (Number.isNaN(time)) throw new Error('the log has no time');
    const row = this.#length;
    if (row >= this.times.length) {
      const longer = new Float64Array(this.times.length * 2);
      longer.set(this.times);
      this.times = longer;
    }
    this.times[row] = time;
    this.columns.forEach((column, field) => {
      if (field !== TIMESTAMP) column.set(row, this.#values[field]);
    });
    if (!isCanonical || new Date(time).toISOString() !== timestamp) this.#kept.set(row, line);
    this.#length = row + 1;
  }

  /** Removes the rows from this one on. */
  truncate(length: number): void {
    for (const row of this.#kept.keys()) if (row >= length) this.#kept.delete(row);
    this.#length = Math.min(this.#length, length);
  }

  /** @returns the JSON of a log, as it came */
  lineOf(row: number): string {
    const kept = this.#kept.get(row);
    if (kept !== undefined) return kept;
    return this.#writer.write((field) => this.#jsonOf(field, row));
  }

  /** @returns the time of a log, in RFC 3339 with milliseconds */
  timestampOf(row: number): string {
    return new Date(this.times[row] as number).toISOString();
  }

  #jsonOf(field: number, row: number): string | undefined {
    if (field === TIMESTAMP) return `"${this.timestampOf(row)}"`;
    const { codes, values, isUnique } = this.columns[field] as Column;
    const code = codes[row] as number;
    if (code === 0) return undefined;
    const value = values[code] as string;
    if (FLAGS.has(field)) return value;
    if (!isUnique) return JSON.stringify(value);
    const known = this.#json[field] as string[];
    known[code] ??= JSON.stringify(value);
    return known[code];
  }
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Takes the values of a log's fields.
 *
 * @param state the place of the last field that was met
 * @returns whether the JSON of the log has the order and the kinds of values of the contract, and nothing else
 */
function collect(
  values: Values,
  places: Places,
  group: Readonly<Record<string, unknown>>,
  state: { last: number },
): boolean {
  let isCanonical = true;
  let members = 0;
  for (const name in group) {
    members += 1;
    const place = places.get(name);
    const value = group[name];
    if (typeof place === 'number') {
      const isFlag = FLAGS.has(place);
      if (typeof value === 'string' || typeof value === 'boolean') values[place] = String(value);
      if (typeof value !== (isFlag ? 'boolean' : 'string') || place <= state.last) isCanonical = false;
      state.last = place;
    } else if (place !== undefined && isGroup(value)) {
      if (!collect(values, place, value, state)) isCanonical = false;
    } else isCanonical = false;
  }
  return isCanonical && members > 0;
}
