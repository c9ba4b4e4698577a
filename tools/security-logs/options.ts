import { readCommandLine, UsageError } from '../../shared/command-line.ts';
import { explain } from '../../shared/errors.ts';
import { APPLICATIONS } from '../../shared/event/bus-events.ts';
import { parseQueryTime, parseRfc3339 } from '../../shared/query/time-window.ts';
import { HOUR, MINUTE, SECOND } from '../../shared/time.ts';
import type { Terminal } from './terminal.ts';

/** What the options of several commands have in common. */

export const LOCAL_STACK = {
  api: 'http://127.0.0.1:3000/player/api/get-security-logs',
  feed: 'http://127.0.0.1:3000/player/api/security-logs/feed',
  deliveries: 'http://127.0.0.1:3000/player/api/security-logs/deliveries',
  aws: 'http://127.0.0.1:4566',
} as const;

/** Reads a command line as `readCommandLine` does. The value of an option may also begin as a negative number does. */
export const readOptions: typeof readCommandLine = (args, options, positionals) =>
  readCommandLine(joinNegativeValues(args), options, positionals);

/** `parseArgs` takes `-1h` for an option; `--since=-1h` is clear. */
function joinNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const option = joined.at(-1);
    if (/^-\d/.test(argument) && option !== undefined && /^--[a-z-]+$/.test(option))
      joined.splice(-1, 1, `${option}=${argument}`);
    else joined.push(argument);
  }
  return joined;
}

const RELATIVE = /^-(\d{1,9})([smhd])$/;
const UNITS = { s: SECOND, m: MINUTE, h: HOUR, d: 24 * HOUR };

/**
 * Reads a time: before now (`-90s`, `-15m`, `-1h`, `-2d`), `now`, or one of the formats of a query.
 *
 * @returns epoch milliseconds
 * @throws UsageError
 */
export function readTime(option: string, value: string, now: number): number {
  const [, amount, unit] = RELATIVE.exec(value) ?? [];
  if (unit !== undefined) return now - Number(amount) * UNITS[unit as keyof typeof UNITS];
  if (value === 'now') return now;
  const instant = parseQueryTime(value) ?? parseRfc3339(value)?.instant;
  if (instant !== undefined) return instant;
  const accepted = 'a time ago (-90s, -15m, -1h, -2d), now, YYYYMMDDHHMMSS in UTC, or an RFC 3339 time';
  throw new UsageError(explain(option, value, accepted));
}

/** @throws UsageError */
export function readUrl(option: string, value: string): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new UsageError(explain(option, value, 'an http or https URL'));
}

/** @throws UsageError */
export function readWholeNumber(option: string, value: string, least: number): number {
  if (/^\d{1,15}$/.test(value) && Number(value) >= least) return Number(value);
  throw new UsageError(explain(option, value, `a whole number from ${least}`));
}

/** @throws UsageError */
export function readChoice<const Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((each) => each === value);
  if (choice !== undefined) return choice;
  throw new UsageError(explain(option, value, choices.join(', ')));
}

/** The parameter `app_type`, if the option is given. @throws UsageError */
export const readAppType = (value: string | undefined): { app_type?: string } =>
  value === undefined ? {} : { app_type: readChoice('--app-type', value, APPLICATIONS) };

/** The API key comes from the environment alone: other users of a machine can read the arguments of a process. */
export function readApiKey({ environment }: Terminal): string {
  const key = environment['EASYSEND_SECURITY_LOGS_API_KEY'];
  if (key) return key;
  throw new UsageError(
    "EASYSEND_SECURITY_LOGS_API_KEY is missing: set it to the API key (the local stack's is local-api-key)",
  );
}

interface AwsOptions {
  readonly 'endpoint-url'?: string | undefined;
  readonly aws: boolean;
  readonly region?: string | undefined;
}

/** Where AWS is: the local stack unless `--aws` is given. @throws UsageError */
export function readAwsAddress({ 'endpoint-url': endpoint, aws, region }: AwsOptions) {
  if (aws && endpoint !== undefined) throw new UsageError('--aws and --endpoint-url exclude each other');
  if (!aws && region !== undefined) throw new UsageError('--region is for --aws');
  return aws ? { region } : { endpoint: readUrl('--endpoint-url', endpoint ?? LOCAL_STACK.aws).href };
}
