import { LOG_FIELD_NAMES } from '../../../shared/log/field-names.ts';

/** What a query can name (docs/page.md#the-query-language). */

/** The time of a log, which a query compares with ranges. */
export const TIME_FIELD = 'time';
/** Whether what was tried came about, which the action says (docs/formats.md#outcomes). */
export const OUTCOME_FIELD = 'outcome';

/** The names of fields whose last part is not theirs alone, or is no good name. */
const ALIASES: Readonly<Record<string, string>> = {
  app: 'label.app_type',
  browser: 'user_agent.name',
  country: 'geo.country_name',
  device: 'user_agent.device.name',
  domain: 'url.domain',
  environment: 'service.environment',
  ip: 'client.ip',
  method: 'label.authentication_method',
  organization: 'organization.name',
  os: 'os.full',
  region: 'geo.region_name',
  url: 'url.full',
  user_agent: 'user_agent.original',
};

const names = LOG_FIELD_NAMES.filter((name) => name !== '@timestamp');
const lastPart = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const lastParts = Map.groupBy(names, lastPart);

/** The field that a name stands for, by the name in lower case. */
const FIELD_OF = new Map<string, string>([
  ...[...lastParts].flatMap(([part, having]): [string, string][] =>
    having.length === 1 && having[0] !== undefined ? [[part, having[0]]] : [],
  ),
  ...Object.entries(ALIASES),
  ...names.map((name): [string, string] => [name, name]),
  [OUTCOME_FIELD, OUTCOME_FIELD],
  [TIME_FIELD, TIME_FIELD],
  ['@timestamp', TIME_FIELD],
]);

/** The shortest name of each field. */
const SHORT_NAME = new Map<string, string>();
for (const [name, field] of FIELD_OF) {
  const known = SHORT_NAME.get(field);
  if (known === undefined || name.length < known.length) SHORT_NAME.set(field, name);
}

/** @returns the whole name of the field, `time` or `outcome`; undefined if there is no such name */
export const fieldNamed = (name: string): string | undefined => FIELD_OF.get(name.toLowerCase());

/** @returns the name under which a field is shown and written into a query */
export const shortNameOf = (field: string): string => SHORT_NAME.get(field) ?? field;

/** Every field that a query can name, by its short name, in the order of the alphabet. */
export const QUERY_FIELDS: readonly string[] = [...SHORT_NAME.values()].sort();
