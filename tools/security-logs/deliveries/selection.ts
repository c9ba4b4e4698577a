import { UsageError } from '../../../shared/command-line.ts';
import { explain } from '../../../shared/errors.ts';
import { LOCAL_STACK, readAppType, readTime, readUrl } from '../options.ts';
import { STATES } from './delivery-record.ts';

/** Which deliveries `deliveries` and `replay` mean. */
export const SELECTION_OPTIONS = {
  since: { type: 'string' },
  until: { type: 'string' },
  id: { type: 'string', multiple: true },
  state: { type: 'string' },
  rid: { type: 'string' },
  'app-type': { type: 'string' },
  url: { type: 'string', default: LOCAL_STACK.deliveries },
} as const;

interface SelectionValues {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly id?: readonly string[] | undefined;
  readonly state?: string | undefined;
  readonly rid?: string | undefined;
  readonly 'app-type'?: string | undefined;
  readonly url: string;
}

/** The most deliveries that an answer may hold (docs/contract.md#deliveries). */
const LIMIT = '10000';

/**
 * The requests that together ask for the deliveries that are meant.
 *
 * @param state without the option; `all` asks for every state
 * @param now epoch milliseconds
 * @throws UsageError
 */
export function readSelection(values: SelectionValues, state: string, now: number): URL[] {
  const base = readUrl('--url', values.url);
  const { id: ids, since, until, rid } = values;
  if (ids !== undefined) {
    const others = [since, until, rid, values['app-type'], values.state];
    if (others.some((each) => each !== undefined))
      throw new UsageError('--id names one log, so no other choice goes with it');
    return ids.map((id) => withParameters(base, { id }));
  }
  const times = {
    ...(since !== undefined && { start_time: readTime('--since', since, now) }),
    ...(until !== undefined && { end_time: readTime('--until', until, now) }),
  };
  if ((times.end_time ?? Infinity) < (times.start_time ?? 0))
    throw new UsageError('--until is before --since');
  const wanted = readStates(values.state ?? state);
  return [
    withParameters(base, {
      limit: LIMIT,
      ...Object.fromEntries(
        Object.entries(times).map(([name, time]) => [name, new Date(time).toISOString()]),
      ),
      ...(wanted !== 'all' && { state: wanted }),
      ...(rid !== undefined && { rid }),
      ...readAppType(values['app-type']),
    }),
  ];
}

function readStates(value: string): string {
  const accepted = ['all', 'undelivered', ...STATES];
  const chosen = value.split(',');
  if (chosen.every((each) => accepted.includes(each)) && (chosen.length === 1 || !chosen.includes('all')))
    return value;
  throw new UsageError(
    explain('--state', value, `all, undelivered, or states with commas between: ${STATES.join(', ')}`),
  );
}

function withParameters(base: URL, parameters: Readonly<Record<string, string>>): URL {
  const url = new URL(base);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}
