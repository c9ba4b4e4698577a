import { computed, effect, signal } from '@preact/signals';
import type { Overview } from '../engine/log-engine.ts';
import { CallFailed, startWorker } from '../worker/client.ts';
import type { Failure, News, Progress, Service, TailState } from '../worker/protocol.ts';
import { obstacleSentence } from './error-sentence.ts';
import { type Choice, DEFAULT_CHOICE, rangeOf, readFragment, takeKey, writeFragment } from './fragment.ts';

/** What the page knows and what was chosen. Components show it; the functions below change it. */

/** Where a key is kept while the tab is open, if that was asked for. */
const KEPT_KEY = 'security-logs-key';

export const choice = signal<Choice>(DEFAULT_CHOICE);
/** The key of the API. It is in memory, and in `sessionStorage` if that was asked for; nowhere else. */
export const key = signal<string | undefined>(undefined);
export const overview = signal<Overview | undefined>(undefined);
/** Counts overviews: rows of an older one may have other places. */
export const version = signal(0);
export const progress = signal<Progress | undefined>(undefined);
export const failure = signal<Failure | undefined>(undefined);
/** A sentence for a moment: why loading takes longer, or what was copied. */
export const notice = signal('');
export const tail = signal<TailState>({ isOn: false, waiting: 0 });
/** How long the last filter took, milliseconds. */
export const filterTime = signal(0);
export const isKeyInLinkRefused = signal(false);

const addressOf = (path: string): string => new URL(path, location.href).href;
export const windowsUrl = addressOf('api/get-security-logs');
const feedUrl = addressOf('api/security-logs/feed');
export const deliveriesUrl = addressOf('api/security-logs/deliveries');

export const logs = startWorker(takeNews);

function takeNews(news: News): void {
  if (news.kind === 'overview') {
    overview.value = news.overview;
    filterTime.value = news.filterMilliseconds;
    version.value += 1;
  } else if (news.kind === 'progress') progress.value = news.progress;
  else if (news.kind === 'obstacle') notice.value = obstacleSentence(news.obstacle);
  else tail.value = news.tail;
}

export const isLoading = computed(
  () => progress.value !== undefined && !progress.value.isDone && !failure.value,
);

/** Changes what was chosen. */
export function choose(change: Partial<Choice>): void {
  choice.value = { ...choice.value, ...change };
}

/** Asks the API for everything again. */
export async function reload(): Promise<void> {
  if (key.value === undefined) return;
  failure.value = undefined;
  notice.value = '';
  const service: Service = { windowsUrl, feedUrl, key: key.value };
  const wasFollowing = tail.value.isOn;
  try {
    await logs.load(service, rangeOf(choice.value.range, Date.now()));
    notice.value = '';
    if (wasFollowing) void logs.follow(true);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.failure.code === 'stopped') return;
    failure.value = error.failure;
    if (error.failure.status === 401) forgetKey();
  }
}

/** @param isKept whether the key is kept until the tab is closed */
export function enterKey(entered: string, isKept: boolean): void {
  if (isKept) sessionStorage.setItem(KEPT_KEY, entered);
  else sessionStorage.removeItem(KEPT_KEY);
  key.value = entered;
  void reload();
}

export function forgetKey(): void {
  sessionStorage.removeItem(KEPT_KEY);
  key.value = undefined;
  void logs.stop();
}

/** Takes up what the address says, and keeps it in the address from then on. */
export function start(): void {
  const taken = takeKey(location.hash.slice(1), location.hostname);
  isKeyInLinkRefused.value = taken.isRefused;
  choice.value = readFragment(taken.rest);
  history.replaceState(null, '', `#${taken.rest}`);
  key.value = taken.key ?? sessionStorage.getItem(KEPT_KEY) ?? undefined;

  let written = taken.rest;
  effect(() => {
    const fragment = writeFragment(choice.value);
    if (fragment === written) return;
    written = fragment;
    history.replaceState(null, '', `#${fragment}`);
  });
  addEventListener('hashchange', () => {
    const given = takeKey(location.hash.slice(1), location.hostname);
    written = given.rest;
    history.replaceState(null, '', `#${given.rest}`);
    const { range } = choice.value;
    choice.value = readFragment(given.rest);
    if (given.key !== undefined) enterKey(given.key, false);
    else if (JSON.stringify(range) !== JSON.stringify(choice.value.range)) void reload();
  });
  const query = computed(() => choice.value.query);
  const direction = computed(() => choice.value.direction);
  effect(() => void logs.setQuery(query.value, direction.value));
  const theme = computed(() => choice.value.theme);
  effect(() => {
    document.documentElement.dataset['theme'] = theme.value;
  });
  void reload();
}

/** Copies a text, and says so. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notice.value = `Copied ${what}.`;
  } catch {
    notice.value = 'The browser does not let the page copy. Select the text and copy it.';
  }
}
