import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import type { LogTable } from '../engine/log-table.ts';
import type { RowView } from './protocol.ts';

const NOTES = [
  'label.authentication_method',
  'label.authentication_status',
  'label.page_name',
  'label.step_id',
  'label.source_type',
  'label.web_flow_name',
];

/** @returns what the list shows of a row */
export function rowView(table: LogTable, row: number): RowView {
  const value = (field: string): string => table.column(field).get(row) ?? '';
  const action = value('event.action');
  const outcomes: Readonly<Record<string, string>> = OUTCOME_OF;
  return {
    row,
    time: table.times[row] as number,
    action,
    outcome: outcomes[action] ?? 'none',
    application: value('label.app_type'),
    rid: value('label.rid'),
    address: value('client.ip'),
    country: value('geo.country_name'),
    browser: value('user_agent.name'),
    note: NOTES.map(value)
      .filter((text) => text !== '')
      .slice(0, 3)
      .join(' · '),
  };
}
