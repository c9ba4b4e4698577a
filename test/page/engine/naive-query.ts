import fc from 'fast-check';
import { writeTimeRange } from '../../../page/engine/query/time-range.ts';
import { writeValue } from '../../../page/engine/query/tokens.ts';
import { EVENT_ACTIONS } from '../../../shared/event/actions.ts';
import { OUTCOME_OF } from '../../../shared/event/outcome.ts';
import { START, valuesOf } from '../any-log.ts';

/** A query as plain as it can be told, with how it is written and which logs match: the oracle for the page's filter. */

export type NaiveTerm = { readonly isExcluded: boolean } & (
  | { readonly field: string; readonly name: string; readonly value: string }
  | { readonly field: string; readonly name: string; readonly start: string; readonly end: string }
  | { readonly field: 'time'; readonly from: number; readonly until: number }
  | { readonly field: undefined; readonly text: string }
);

const names = fc.constantFrom(
  ['label.business_group', 'business_group'],
  ['label.rid', 'rid'],
  ['geo.country_name', 'country'],
  ['event.action', 'action'],
  ['label.app_type', 'app'],
  ['outcome', 'outcome'],
  ['label.page_name', 'label.page_name'],
  ['user_agent.os.is_mobile_device', 'is_mobile_device'],
);
const value = fc.constantFrom(
  ...['Claims', 'a*b', 'a:b', '-a', '"quoted"', 'back\\slash', 'ABC-123', 'r-1', 'player', 'failure', 'true'],
  ...EVENT_ACTIONS,
);
const part = fc.constantFrom('', 'c', 'cl', 'a', 'S', '3', 'ed');
const isExcluded = fc.boolean();

const anyTerm: fc.Arbitrary<NaiveTerm> = fc.oneof(
  fc
    .record({ isExcluded, names, value })
    .map(({ names: [field = '', name = ''], ...rest }) => ({ field, name, ...rest })),
  fc
    .record({ isExcluded, names, start: part, end: part })
    .map(({ names: [field = '', name = ''], ...rest }) => ({ field, name, ...rest })),
  fc
    .record({ isExcluded, from: fc.integer({ min: 0, max: 50 }), length: fc.integer({ min: 0, max: 20 }) })
    .map(({ isExcluded, from, length }) => ({
      ...{ isExcluded, field: 'time' as const },
      ...{ from: START + from * 1000, until: START + (from + length) * 1000 },
    })),
  fc.record({
    isExcluded,
    field: fc.constant(undefined),
    text: fc.constantFrom('claims', 'r-', '123', 'alert(1)', 'quoted', 'e', 'OPENED'),
  }),
);

export const anyQuery = fc.array(anyTerm, { maxLength: 4 });

export const writeQuery = (terms: readonly NaiveTerm[]): string =>
  terms.map((term) => `${term.isExcluded ? '-' : ''}${written(term)}`).join(' ');

function written(term: NaiveTerm): string {
  if ('text' in term) return term.text;
  if ('from' in term) return writeTimeRange(term.from, term.until);
  return 'value' in term
    ? `${term.name}:${writeValue(term.value)}`
    : `${term.name}:${term.start}*${term.end}`;
}

/** Whether a log matches: different values of one field are alternatives, everything else has to hold. */
export function matches(terms: readonly NaiveTerm[], log: object): boolean {
  const wanted = terms.filter((term) => !term.isExcluded && term.field !== undefined);
  const fields = new Set(wanted.map(({ field }) => field));
  return (
    [...fields].every((field) => wanted.some((term) => term.field === field && holds(term, log))) &&
    terms
      .filter(({ field, isExcluded }) => isExcluded || field === undefined)
      .every((term) => holds(term, log) !== term.isExcluded)
  );
}

function holds(term: NaiveTerm, log: object): boolean {
  const values = valuesOf(log);
  const time = Date.parse(values.get('@timestamp') ?? '');
  values.delete('@timestamp');
  if ('text' in term) return [...values.values()].some((each) => lower(each).includes(lower(term.text)));
  if ('from' in term) return time >= term.from && time < term.until;
  const action = values.get('event.action') as keyof typeof OUTCOME_OF;
  const found = term.field === 'outcome' ? OUTCOME_OF[action] : values.get(term.field);
  if (found === undefined) return false;
  if ('value' in term) return lower(found) === lower(term.value);
  const { start, end } = term;
  return (
    found.length >= start.length + end.length &&
    lower(found).startsWith(lower(start)) &&
    lower(found).endsWith(lower(end))
  );
}

const lower = (text: string): string => text.toLowerCase();
