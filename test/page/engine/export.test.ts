import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvCell, writeCsv, writeNdjson } from '../../../page/engine/export.ts';
import { LogTable } from '../../../page/engine/log-table.ts';
import { LOG_FIELD_NAMES } from '../../../shared/log/field-names.ts';
import { anyLogs, valuesOf } from '../any-log.ts';

const tableOf = (logs: readonly object[]): LogTable => {
  const table = new LogTable();
  for (const log of logs) table.append(JSON.stringify(log));
  return table;
};

/** Reads a CSV file (RFC 4180). */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end !== ',') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('lines are those of the API, in the order that is asked for', () => {
  fc.assert(
    fc.property(anyLogs, (logs) => {
      const rows = logs.map((_, row) => row).reverse();
      const lines = logs.toReversed().map((log) => `${JSON.stringify(log)}\n`);
      expect([...writeNdjson(tableOf(logs), rows)].join('')).toBe(lines.join(''));
    }),
  );
});

test('a CSV file has a column for each field and a line for each log, and no formula', () => {
  fc.assert(
    fc.property(anyLogs, (logs) => {
      const text = [
        ...writeCsv(
          tableOf(logs),
          logs.map((_, row) => row),
        ),
      ].join('');
      const [heading, ...rows] = readCsv(text);
      expect(heading).toEqual(LOG_FIELD_NAMES.map((name) => (name.startsWith('@') ? `'${name}` : name)));
      expect(rows).toEqual(
        logs.map((log) => {
          const values = valuesOf(log);
          return LOG_FIELD_NAMES.map((name) => values.get(name) ?? '').map((value) =>
            /^[=+\-@]/.test(value) ? `'${value}` : value,
          );
        }),
      );
    }),
  );
});

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ['a=1', 'a=1'],
  ['a,b', '"a,b"'],
])('%j is the cell %j', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});
