import { LOG_FIELD_NAMES } from '../../shared/log/field-names.ts';
import type { LogTable } from './log-table.ts';

/** How many logs are put into one piece of a file. */
const PIECE = 1000;

/** @yields the lines of the rows, each as the API gave it, with a line feed */
export function* writeNdjson(table: LogTable, rows: ArrayLike<number>): Generator<string> {
  yield* pieces(rows, (row) => `${table.lineOf(row)}\n`);
}

/** @yields a CSV file with a heading (RFC 4180), with a column for each field of the log */
export function* writeCsv(table: LogTable, rows: ArrayLike<number>): Generator<string> {
  yield `${LOG_FIELD_NAMES.map(csvCell).join(',')}\r\n`;
  yield* pieces(rows, (row) => {
    const cells = table.columns.map((column) =>
      csvCell(column.name === '@timestamp' ? table.timestampOf(row) : (column.get(row) ?? '')),
    );
    return `${cells.join(',')}\r\n`;
  });
}

function* pieces(rows: ArrayLike<number>, write: (row: number) => string): Generator<string> {
  for (let from = 0; from < rows.length; from += PIECE) {
    let piece = '';
    for (let i = from; i < Math.min(from + PIECE, rows.length); i++) piece += write(rows[i] as number);
    yield piece;
  }
}

/** What a spreadsheet takes for the beginning of a formula. https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

/** Writes a cell. An apostrophe before what looks like a formula makes it text. */
export function csvCell(value: string): string {
  const neutral = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}
