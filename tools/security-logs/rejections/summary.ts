import type { Rejection } from './rejection.ts';

interface Row {
  readonly source: string;
  readonly code: string;
  count: number;
  latest: string;
  message: string;
}

/** How much of a message the table shows, characters. */
const MESSAGE_LENGTH = 100;

/** Counts rejections by source and reason. Its size does not depend on how many there are. */
export function rejectionSummary() {
  const rows = new Map<string, Row>();
  return {
    add({ source, code, message, rejectedAt }: Rejection): void {
      const key = JSON.stringify([source, code]);
      const row = rows.get(key) ?? { source, code, count: 0, latest: '', message: '' };
      row.count += 1;
      if (rejectedAt >= row.latest) Object.assign(row, { latest: rejectedAt, message });
      rows.set(key, row);
    },
    /** The most frequent first, each with its latest message. */
    table(): string {
      const cells = [...rows.values()]
        .toSorted((a, b) => b.count - a.count || a.source.localeCompare(b.source))
        .map(({ source, code, count, latest, message }) => [
          printable(source),
          printable(code),
          String(count),
          printable(latest),
          printable(message).slice(0, MESSAGE_LENGTH),
        ]);
      return aligned([['SOURCE', 'REASON', 'COUNT', 'LATEST', 'MESSAGE'], ...cells]);
    },
  };
}

/** Producers chose these texts: without control characters they cannot change the terminal. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '�');

function aligned(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}
