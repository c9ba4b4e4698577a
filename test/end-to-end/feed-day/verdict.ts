import { SECOND } from '../../../shared/time.ts';

/** A log as it was in the table. Times are epoch milliseconds. */
export interface StoredLog {
  readonly application: string;
  readonly id: string;
  readonly timestamp: number;
  readonly createdAt: number;
  /** Undefined if it was stored before the feed. */
  readonly slot: string | undefined;
}

/** A log as a consumer has it. */
export interface ConsumedLog {
  readonly application: string;
  readonly id: string;
  readonly createdAt: number;
}

/** What a consumer was told of a gap: logs that were stored since then may be missing. */
export interface ToldGap {
  readonly since: number;
  /** When it was seen that the consumer has been told: it was told earlier, or then. */
  readonly seenAt: number;
}

export interface Consumed {
  readonly consumer: string;
  readonly logs: readonly ConsumedLog[];
  readonly gaps: readonly ToldGap[];
}

export interface Lifetimes {
  /** How long a log can be read, milliseconds. */
  readonly lifetime: number;
  /** How long its item stays at least. */
  readonly itemLifetime: number;
}

/** `createdAt` is the start of an invocation, which may put the log at its end, and a cursor is as old as its answer. */
const LONGEST_INVOCATION = 10 * SECOND;

const nameOf = ({ application, id, createdAt }: ConsumedLog): string => `${application} ${id} ${createdAt}`;

/**
 * Judges what a consumer has, when nothing happens any more. No violation depends on how fast anything was: a log may be
 * missing only if the consumer was told of a gap in which the log had expired, and a gap may be told only if something
 * may have expired.
 *
 * @returns what is wrong, in words; `missing` apart, because it may still come
 */
export function judge(
  { consumer, logs, gaps }: Consumed,
  stored: readonly StoredLog[],
  { lifetime, itemLifetime }: Lifetimes,
): { wrong: string[]; missing: string[] } {
  const wrong: string[] = [];
  const inFeed = new Map(stored.filter(({ slot }) => slot !== undefined).map((log) => [nameOf(log), log]));
  const had = new Set<string>();
  for (const log of logs) {
    const name = nameOf(log);
    if (had.has(name)) wrong.push(`${consumer} has ${name} twice`);
    else if (!inFeed.has(name)) wrong.push(`${consumer} has ${name}, which is in no slot`);
    had.add(name);
  }
  for (const { since, seenAt } of gaps) {
    if (seenAt - since < lifetime)
      wrong.push(`${consumer} was told of a gap since ${seenAt - since} ms, and nothing had expired`);
  }
  const isExcused = ({ createdAt }: StoredLog): boolean =>
    gaps.some(
      ({ since, seenAt }) => createdAt >= since - LONGEST_INVOCATION && createdAt <= seenAt - lifetime,
    );
  const missing = [...inFeed.values()]
    .filter((log) => !had.has(nameOf(log)) && !isExcused(log) && !isCopy(log, stored, itemLifetime))
    .map((log) => `${consumer} has not ${nameOf(log)} of slot ${log.slot}${historyOf(log, stored)}`);
  return { wrong, missing };
}

/**
 * Whether a log is a copy that came while the item of its first log was kept (docs/feed.md#limits). It can be stored all the
 * same, if that item is deleted while two processes finish the copy's slot: one finds the first log, and seals without the
 * copy; the other finds nothing, and stores it. Consumers have got the event with its first log.
 */
const isCopy = (log: StoredLog, stored: readonly StoredLog[], itemLifetime: number): boolean =>
  stored.some(
    (first) =>
      isSameEvent(first, log) &&
      first.createdAt < log.createdAt &&
      log.createdAt < first.createdAt + itemLifetime,
  );

const isSameEvent = (one: StoredLog, other: StoredLog): boolean =>
  one.application === other.application && one.id === other.id && one.timestamp === other.timestamp;

/** When the same event was stored before, in words: a copy that comes after its item has expired is stored anew. */
function historyOf(log: StoredLog, stored: readonly StoredLog[]): string {
  const same = stored.filter((other) => isSameEvent(other, log));
  const ages = same.map(({ createdAt }) => log.createdAt - createdAt).filter((age) => age > 0);
  return ages.length === 0 ? ', never stored before' : `, stored before ${ages.join(' and ')} ms earlier`;
}

/** A log that was published, and that the bus has taken. */
export type PublishedLog = Pick<StoredLog, 'application' | 'id' | 'timestamp'>;

/**
 * Judges what was stored of what the bus has taken: each once, unless a copy was put after the item of the log had expired.
 * Rolling a slot forward puts logs later than their `createdAt` says, by their lifetime at most.
 *
 * @returns what is wrong, in words
 */
export function judgeStored(
  published: readonly PublishedLog[],
  stored: readonly StoredLog[],
  { lifetime, itemLifetime }: Lifetimes,
): string[] {
  const keyOf = ({ application, id, timestamp }: PublishedLog) => `${application} ${id} ${timestamp}`;
  const byKey = Map.groupBy(stored, keyOf);
  const keys = new Set(published.map(keyOf));
  const lost = [...keys]
    .filter((key) => !byKey.has(key))
    .map((key) => `${key} was published, and is not stored`);
  const invented = [...byKey.keys()]
    .filter((key) => !keys.has(key))
    .map((key) => `${key} was never published`);
  const doubled = [...byKey].flatMap(([key, logs]) => {
    const times = logs.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b);
    const least = itemLifetime - lifetime - LONGEST_INVOCATION;
    const isDouble = times.some((time, i) => i > 0 && time - (times[i - 1] as number) < least);
    return isDouble ? [`${key} was stored more than once: ${times}`] : [];
  });
  return [...lost, ...invented, ...doubled];
}

/** What a window over everything had, and what a consumer had taken from the feed before it was asked for. */
export interface WindowAnswer {
  readonly logs: readonly Omit<PublishedLog, 'timestamp'>[];
  readonly endedAt: number;
  readonly consumedBefore: readonly ConsumedLog[];
}

/**
 * Judges whether a window and the feed agree: the window has each log once, all of them are stored, and each log that
 * was in the feed before and had not expired afterwards is there.
 *
 * @returns what is wrong, in words
 */
export function judgeWindow(
  { logs, endedAt, consumedBefore }: WindowAnswer,
  stored: readonly StoredLog[],
  { lifetime }: Lifetimes,
): string[] {
  const name = ({ application, id }: { application: string; id: string }) => `${application} ${id}`;
  const known = new Set(stored.map(name));
  const inWindow = new Set<string>();
  const wrong: string[] = [];
  for (const log of logs) {
    if (inWindow.has(name(log))) wrong.push(`the window has ${name(log)} twice`);
    if (!known.has(name(log))) wrong.push(`the window has ${name(log)}, which was never seen in the table`);
    inWindow.add(name(log));
  }
  for (const log of consumedBefore) {
    if (log.createdAt > endedAt - lifetime && !inWindow.has(name(log)))
      wrong.push(`the feed had ${name(log)}, and the window has not`);
  }
  return wrong;
}
