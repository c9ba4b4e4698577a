import { HOUR, MINUTE } from '../../shared/time.ts';
import type { Direction } from '../engine/log-engine.ts';
import type { Range } from '../service/load-range.ts';

/** What a person has chosen, and how it stands in the address, behind the `#`. */

export type ChosenRange =
  /** The last so many milliseconds. */
  { readonly kind: 'last'; readonly length: number } | ({ readonly kind: 'between' } & Range);

export interface Choice {
  readonly range: ChosenRange;
  readonly query: string;
  readonly direction: Direction;
  readonly zone: 'utc' | 'local';
  readonly view: 'events' | 'processes' | 'undelivered';
  readonly theme: 'auto' | 'light' | 'dark';
  /** The log that is open: when it occurred, and its number among those of the same time. */
  readonly open: { readonly time: number; readonly nth: number } | undefined;
  /** The story that is open: all logs with this value. */
  readonly story: { readonly field: string; readonly value: string } | undefined;
}

export const DEFAULT_CHOICE: Choice = {
  range: { kind: 'last', length: HOUR },
  query: '',
  direction: 'newest',
  zone: 'utc',
  view: 'events',
  theme: 'auto',
  open: undefined,
  story: undefined,
};

/** The relative ranges that are offered, by their names in the address. */
export const RELATIVE_RANGES = {
  '15m': 15 * MINUTE,
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '48h': 48 * HOUR,
} as const satisfies Record<string, number>;

/** @returns the part of the address behind the `#`, without what is as it is by default */
export function writeFragment(choice: Choice): string {
  const written = new URLSearchParams();
  const { range, query, open, story } = choice;
  if (range.kind === 'between') {
    written.set('from', new Date(range.from).toISOString());
    written.set('until', new Date(range.until).toISOString());
  } else if (range.length !== HOUR) written.set('last', nameOfRange(range.length));
  if (query !== '') written.set('q', query);
  for (const name of ['direction', 'zone', 'view', 'theme'] as const)
    if (choice[name] !== DEFAULT_CHOICE[name]) written.set(name, choice[name]);
  if (open) written.set('open', `${open.time}.${open.nth}`);
  if (story) written.set('story', `${story.field}:${story.value}`);
  return written.toString();
}

/**
 * Reads the part of an address behind the `#`. What cannot be read is as it is by default.
 *
 * @param fragment without the `#`
 */
export function readFragment(fragment: string): Choice {
  const written = new URLSearchParams(fragment);
  const one = <T extends string>(name: string, ...accepted: [T, ...T[]]): T =>
    accepted.find((value) => value === written.get(name)) ?? accepted[0];
  return {
    range: readRange(written),
    query: written.get('q') ?? '',
    direction: one('direction', 'newest', 'oldest'),
    zone: one('zone', 'utc', 'local'),
    view: one('view', 'events', 'processes', 'undelivered'),
    theme: one('theme', 'auto', 'light', 'dark'),
    open: readOpen(written.get('open') ?? ''),
    story: readStory(written.get('story') ?? ''),
  };
}

function readRange(written: URLSearchParams): ChosenRange {
  const from = Date.parse(written.get('from') ?? '');
  const until = Date.parse(written.get('until') ?? '');
  if (from < until) return { kind: 'between', from, until };
  const length = (RELATIVE_RANGES as Readonly<Record<string, number>>)[written.get('last') ?? ''];
  return length === undefined ? DEFAULT_CHOICE.range : { kind: 'last', length };
}

function readOpen(text: string): Choice['open'] {
  const [, time, nth] = /^(\d{1,15})\.(\d{1,6})$/.exec(text) ?? [];
  return time === undefined ? undefined : { time: Number(time), nth: Number(nth) };
}

function readStory(text: string): Choice['story'] {
  const colon = text.indexOf(':');
  return colon > 0 ? { field: text.slice(0, colon), value: text.slice(colon + 1) } : undefined;
}

/** @returns the name of a relative range, such as `6h` */
export const nameOfRange = (length: number): string =>
  Object.entries(RELATIVE_RANGES).find(([, each]) => each === length)?.[0] ?? '1h';

/** @param now epoch milliseconds */
export const rangeOf = (range: ChosenRange, now: number): Range =>
  range.kind === 'between' ? range : { from: now - range.length, until: now };

/** Names of hosts that are this machine. */
const THIS_MACHINE = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Takes a key out of the fragment. `npm start` prints such a link (docs/contract.md#on-one-machine). On any other host, a key in
 * an address would end up in histories and messages, so it is not used.
 *
 * @param hostname of the page
 */
export function takeKey(fragment: string, hostname: string) {
  const written = new URLSearchParams(fragment);
  const key = written.get('key');
  written.delete('key');
  const isLocal = THIS_MACHINE.includes(hostname);
  return {
    rest: written.toString(),
    key: key !== null && key !== '' && isLocal ? key : undefined,
    isRefused: key !== null && !isLocal,
  };
}
