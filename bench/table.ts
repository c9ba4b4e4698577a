/** Numbers and tables for people. */

/** One line of a table: what was measured, by the name of its column. */
export type Row = Readonly<Record<string, string | number>>;

/** Three digits that count, or whole numbers with thousands set apart. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 100 || Number.isInteger(value)
    ? Math.round(value).toLocaleString('en-US')
    : String(Number(value.toPrecision(3)));
}

const cell = (value: string | number | undefined): string =>
  typeof value === 'number' ? formatCount(value) : (value ?? '');

/** A Markdown table, padded to be read as it is; numbers to the right. */
export function formatTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => {
    const right = rows.some((row) => typeof row[name] === 'number');
    const cells = [name, ...rows.map((row) => cell(row[name]))];
    const width = Math.max(3, ...cells.map((text) => text.length));
    const pad = (text: string): string => (right ? text.padStart(width) : text.padEnd(width));
    const rule = right ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width);
    return { cells: cells.map(pad), rule };
  });
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |`;
  const lines = [...rows, {}].map((_, i) => line(columns.map(({ cells }) => cells[i] ?? '')));
  return [lines[0], line(columns.map(({ rule }) => rule)), ...lines.slice(1)].join('\n');
}
