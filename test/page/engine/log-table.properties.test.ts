import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Column } from '../../../page/engine/column.ts';
import { lineSplitter } from '../../../page/engine/line-splitter.ts';
import { LogTable } from '../../../page/engine/log-table.ts';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';
import { anySecurityLog } from '../../fixtures/any-security-log.ts';
import { START } from '../any-log.ts';

const tableOf = (lines: readonly string[]): LogTable => {
  const table = new LogTable();
  for (const line of lines) table.append(line);
  return table;
};
const linesOf = (table: LogTable): string[] =>
  Array.from({ length: table.length }, (_, row) => table.lineOf(row));

test('any log comes back as the line that it was', () => {
  fc.assert(
    fc.property(fc.array(anySecurityLog, { maxLength: 10 }), (logs) => {
      const lines = logs.map((log) => JSON.stringify(log));
      expect(linesOf(tableOf(lines))).toEqual(lines);
    }),
  );
});

test('typical logs are put together from the columns', () => {
  const lines = takeSyntheticLogs(500, { seed: 7, start: START }).map((log) => JSON.stringify(log));
  expect(linesOf(tableOf(lines))).toEqual(lines);
});

test.each([
  ['a field that the page does not know', '{"@timestamp":"2026-11-21T09:00:00.000Z","new":{"x":1}}'],
  ['another order', '{"event":{"action":"OPENED"},"@timestamp":"2026-11-21T09:00:00.000Z"}'],
  ['a value of another kind', '{"@timestamp":"2026-11-21T09:00:00.000Z","label":{"rid":5}}'],
  ['an empty group', '{"@timestamp":"2026-11-21T09:00:00.000Z","label":{}}'],
  [
    'a text where a flag belongs',
    '{"@timestamp":"2026-11-21T09:00:00.000Z","label":{"is_co_browsing_on":"true"}}',
  ],
  ['a time without milliseconds', '{"@timestamp":"2026-11-21T09:00:00Z","event":{"action":"OPENED"}}'],
])('a log with %s comes back as it was', (_, line) => {
  expect(linesOf(tableOf([line]))).toEqual([line]);
});

test.each(['', 'null', '[]', '{}', '{"@timestamp":"yesterday"}', '{"@timestamp":'])(
  '%j is no log',
  (line) => {
    expect(() => new LogTable().append(line)).toThrow();
  },
);

test('rows that were removed are gone, and others take their places', () => {
  const lines = takeSyntheticLogs(20, { seed: 8, start: START }).map((log) => JSON.stringify(log));
  const table = tableOf([...lines.slice(0, 5), '{"@timestamp":"2026-11-21T09:00:00Z"}']);
  table.truncate(3);
  for (const line of lines.slice(3)) table.append(line);
  expect(linesOf(table)).toEqual(lines);
});

test('a column of a value a row stops looking values up, and keeps every value', () => {
  const column = new Column('label.request_id');
  const count = 100_000;
  for (let row = 0; row < count; row++) column.set(row, `id-${row}`);
  column.set(count, 'id-5');
  expect(column.isUnique).toBe(false);
  expect([column.get(5), column.get(99_999), column.get(count)]).toEqual(['id-5', 'id-99999', 'id-5']);
  const first = column.firstNumbers();
  expect(first?.[column.codes[count] ?? 0]).toBe(column.codes[5]);
});

test('lines are found wherever the body is cut into chunks', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => JSON.stringify(text))),
      fc.infiniteStream(fc.integer({ min: 1, max: 7 })),
      (lines, sizes) => {
        const body = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));
        const found: string[] = [];
        const splitter = lineSplitter((line) => found.push(line));
        for (let at = 0; at < body.length; ) {
          const { value: size } = sizes.next();
          splitter.write(body.subarray(at, at + size));
          at += size;
        }
        splitter.end();
        expect(found).toEqual(lines);
      },
    ),
  );
});

test('a body that ends within a line or a character is no whole answer', () => {
  const within = lineSplitter(() => {});
  within.write(new TextEncoder().encode('{"a":1}\n{"b"'));
  expect(() => within.end()).toThrow('within a line');
  const character = lineSplitter(() => {});
  character.write(Uint8Array.of(0xc3));
  expect(() => character.end()).toThrow();
});
