import type { DeliveryRecord } from './delivery-record.ts';

/** A row a delivery. The widths do not depend on the rows, so that a row can be written at once. */

const COLUMNS = { state: 9, time: 24, attempts: 8, status: 6, next: 24 } as const;

const row = (state: string, time: string, attempts: string, status: string, next: string, rest: string) =>
  `${[
    state.padEnd(COLUMNS.state),
    time.padEnd(COLUMNS.time),
    attempts.padStart(COLUMNS.attempts),
    status.padStart(COLUMNS.status),
    next.padEnd(COLUMNS.next),
    rest,
  ]
    .join('  ')
    .trimEnd()}\n`;

export const TABLE_HEAD = row('STATE', 'EVENT AT', 'ATTEMPTS', 'STATUS', 'NEXT ATTEMPT', 'ID  REASON');

export const tableRow = (record: DeliveryRecord): string =>
  row(
    record.state,
    record['@timestamp'],
    String(record.attempts ?? '-'),
    String(record.status ?? '-'),
    record.next_attempt_at ?? '-',
    printable(`${record.id}  ${record.reason ?? ''}`),
  );

/** Without control characters a text cannot change the terminal. */
const printable = (text: string): string => text.replace(/\p{C}/gu, '\ufffd');
