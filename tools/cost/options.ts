import { readCommandLine, UsageError } from '../../shared/command-line.ts';
import { ENCODINGS, type Encoding } from './measured.ts';
import { PRICE_NAMES, type PriceName } from './prices.ts';
import { likelyBatch, type Workload } from './workload.ts';

export const USAGE = `Usage: npm run cost -- --events-per-day 5e6 --queries-per-day 1440 [options]

Prints what the service costs on AWS: each component with its quantity and price, the total, and what other
ways to build it cost (docs/cost.md).

  --events-per-day N       security events (needed)
  --queries-per-day N      requests of get-security-logs (default 0)
  --window-minutes N       how much time a query asks for (default 3: each minute the last three)
  --feed-polls-per-day N   requests of a consumer that follows the feed (default 0)
  --event-bytes N          of an event on the bus (default 1500)
  --encoding NAME          of the answers: ${ENCODINGS.join(', ')} (default zstd)
  --hours-per-day N        how many hours of a day the events come in (default 24)
  --batch N                events in a batch of ingest, 1 to 100 (default: by the rate)
  --retention-hours N      (default 48)
  --archive-days N         keep the events in an EventBridge archive (default 0: no archive)
  --canary-minutes N       minutes between two runs of the canary (default 0: no canary)
  --announcements          announce each log on the bus
  --custom-service         hand each log to a custom service; logs are announced then, too
  --days N                 of the bill (default 30)
  --price NAME=DOLLARS     another price, as of another region; may be repeated
  --json                   the report as JSON, with the names of the prices
  --help                   show this
`;

export interface CostOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly workload: Workload;
  /** Dollars, by the name of the price. */
  readonly prices: Partial<Record<PriceName, number>>;
}

const NUMBERS = {
  'events-per-day': { fallback: undefined, least: 1, most: 1e12 },
  'queries-per-day': { fallback: 0, least: 0, most: 1e9 },
  'window-minutes': { fallback: 3, least: 0, most: 1e6 },
  'feed-polls-per-day': { fallback: 0, least: 0, most: 1e9 },
  'event-bytes': { fallback: 1500, least: 1, most: 1024 * 1024 },
  'hours-per-day': { fallback: 24, least: 0.01, most: 24 },
  batch: { fallback: undefined, least: 1, most: 100 },
  'retention-hours': { fallback: 48, least: 1, most: 8760 },
  'archive-days': { fallback: 0, least: 0, most: 36_500 },
  'canary-minutes': { fallback: 0, least: 0, most: 60 },
  days: { fallback: 30, least: 1, most: 366 },
} as const;
type NumberName = keyof typeof NUMBERS;

/** @throws UsageError naming what is wrong and what is accepted */
export function readCostOptions(commandLine: readonly string[]): CostOptions {
  const text = { type: 'string' } as const;
  const { values } = readCommandLine(commandLine, {
    'events-per-day': text,
    'queries-per-day': text,
    'window-minutes': text,
    'feed-polls-per-day': text,
    'event-bytes': text,
    'hours-per-day': text,
    batch: text,
    'retention-hours': text,
    'archive-days': text,
    'canary-minutes': text,
    days: text,
    encoding: { type: 'string', default: 'zstd' },
    announcements: { type: 'boolean', default: false },
    'custom-service': { type: 'boolean', default: false },
    price: { type: 'string', multiple: true, default: [] },
    json: { type: 'boolean', default: false },
  });
  const number = (name: NumberName): number | undefined => readNumber(name, values[name]);
  const required = (name: NumberName): number => number(name) ?? 0;
  const eventsPerDay = required('events-per-day');
  if (!values.help && eventsPerDay === 0) throw new UsageError('--events-per-day is needed');
  const hoursPerDay = required('hours-per-day');
  return {
    help: values.help,
    json: values.json,
    prices: readPrices(values.price),
    workload: {
      eventsPerDay,
      hoursPerDay,
      queriesPerDay: required('queries-per-day'),
      windowMinutes: required('window-minutes'),
      feedPollsPerDay: required('feed-polls-per-day'),
      eventBytes: required('event-bytes'),
      encoding: readEncoding(values.encoding),
      batch: number('batch') ?? likelyBatch(eventsPerDay / hoursPerDay / 3600),
      retentionHours: required('retention-hours'),
      archiveDays: required('archive-days'),
      canaryMinutes: required('canary-minutes'),
      days: required('days'),
      announcements: values.announcements,
      customService: values['custom-service'],
    },
  };
}

function readNumber(name: NumberName, text: string | undefined): number | undefined {
  const { fallback, least, most } = NUMBERS[name];
  if (text === undefined) return fallback;
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name} is ${JSON.stringify(text)}; accepted: a number from ${least} to ${most}`);
}

function readEncoding(text: string): Encoding {
  const encoding = ENCODINGS.find((name) => name === text);
  if (encoding === undefined)
    throw new UsageError(`--encoding is ${JSON.stringify(text)}; accepted: ${ENCODINGS.join(', ')}`);
  return encoding;
}

function readPrices(texts: readonly string[]): Partial<Record<PriceName, number>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [name = '', dollars = ''] = text.split('=');
      if (!PRICE_NAMES.includes(name as PriceName) || dollars === '' || !(Number(dollars) >= 0))
        throw new UsageError(
          `--price is ${JSON.stringify(text)}; accepted: NAME=DOLLARS, NAME being one of ${PRICE_NAMES.join(', ')}`,
        );
      return [name, Number(dollars)];
    }),
  );
}
