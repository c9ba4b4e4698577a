import { OUTCOME_OF } from '../../shared/event/outcome.ts';
import type { LogTable } from './log-table.ts';
import { OUTCOME_FIELD } from './query/fields.ts';
import type { Filter } from './query/filter.ts';

/** The fields that are shown with the counts of their values. */
export const FACET_FIELDS = [
  'event.action',
  'label.app_type',
  OUTCOME_FIELD,
  'geo.country_name',
  'user_agent.name',
  'label.authentication_method',
  'label.business_group',
] as const;

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export interface Facet {
  readonly field: string;
  /** The most frequent values, then by the alphabet. */
  readonly values: readonly FacetValue[];
  /** How many different values there are. */
  readonly distinct: number;
  /** How many rows do not have the field. */
  readonly absent: number;
}

/**
 * Counts the values of a field among the rows that match. What the query wants of this field does not count: so one sees
 * what else there is to choose.
 *
 * @param most how many values are wanted
 */
export function countValues(table: LogTable, filter: Filter, field: string, most: number): Facet {
  const isOutcome = field === OUTCOME_FIELD;
  const column = table.column(isOutcome ? 'event.action' : field);
  const { codes, values } = column;
  const { fails } = filter;
  const own = filter.groupOf(field);
  const counts = new Uint32Array(values.length);
  for (let row = 0; row < table.length; row++) {
    const failed = fails[row] as number;
    if (failed === 0 || failed === own) (counts[codes[row] as number] as number) += 1;
  }
  const byValue = isOutcome || !column.isUnique ? merged(values, counts, isOutcome) : undefined;
  const found: FacetValue[] = [];
  if (byValue) for (const [value, count] of byValue) found.push({ value, count });
  else
    for (let code = 1; code < values.length; code++) {
      const count = counts[code] as number;
      if (count > 0) found.push({ value: values[code] as string, count });
    }
  return {
    field,
    values: found.sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)).slice(0, most),
    distinct: found.length,
    absent: counts[0] ?? 0,
  };
}

function merged(values: readonly string[], counts: Uint32Array, isOutcome: boolean): Map<string, number> {
  const outcomes: Readonly<Record<string, string>> = OUTCOME_OF;
  const byValue = new Map<string, number>();
  for (let code = 1; code < values.length; code++) {
    const count = counts[code] as number;
    if (count === 0) continue;
    const value = values[code] as string;
    const shown = isOutcome ? (outcomes[value] ?? 'none') : value;
    byValue.set(shown, (byValue.get(shown) ?? 0) + count);
  }
  return byValue;
}
