import type { Application } from '../../../../shared/event/bus-events.ts';
import type { Start } from '../../../../shared/feed/begin-reading.ts';
import { parseCursor } from '../../../../shared/feed/cursor.ts';
import type { SlotName } from '../../../../shared/feed/feed-table.ts';
import type { FeedAnswer } from '../../../../shared/feed/read-feed.ts';
import { HOUR, MINUTE } from '../../../../shared/time.ts';

/** A consumer follows the feed: it takes whole answers, and asks with the cursor of the last one that it saved. */

export interface ConsumerOptions {
  readonly name: string;
  readonly start: Exclude<Start, { kind: 'cursor' }>;
  readonly limit: number;
  readonly applications?: readonly Application[];
}

/** An answer said that logs since `since` may be missing. */
export interface StatedGap {
  readonly since: number;
  /** When it was asked for, epoch milliseconds. */
  readonly at: number;
  /** How long logs could be read then, hours. */
  readonly retention: number;
}

/** Where a consumer stands after an answer. */
export interface Progress {
  readonly cursor: string;
  readonly epoch: number;
  /** When its first answer was asked for, epoch milliseconds. */
  readonly beganAt: number;
  /** How long logs could be read then, hours. */
  readonly retentionAtBegin: number;
  /** The logs whose slots were sealed when it got its first answer. */
  readonly sealedBefore: ReadonlySet<string>;
  readonly taken: ReadonlySet<string>;
  readonly gaps: readonly StatedGap[];
  readonly hasMore: boolean;
  /** The slots that hold it up. */
  readonly unresolved: readonly SlotName[];
}

export interface Consumer {
  readonly options: ConsumerOptions;
  /** After the last answer that it saved. */
  progress: Progress | undefined;
  /** After every answer that it ever got: each of these cursors was given out. */
  readonly given: Map<string, Progress>;
  nextStart(): Start;
  text(): string;
}

export function consumer(options: ConsumerOptions, progress?: Progress): Consumer {
  const one: Consumer = {
    options,
    progress,
    given: new Map(),
    nextStart(): Start {
      const { cursor: text } = one.progress ?? {};
      if (text === undefined) return options.start;
      const cursor = parseCursor(text);
      if (cursor === undefined) throw new Error('the cursor that was given out cannot be read');
      return { kind: 'cursor', cursor };
    },
    text: () =>
      [options.name, progressText(one.progress), ...[...one.given.values()].map(progressText).sort()].join(
        '/',
      ),
  };
  return one;
}

export interface TakenAnswer {
  readonly answer: FeedAnswer;
  /** Where the consumer stood when it asked. */
  readonly before: Progress | undefined;
  readonly startedAt: number;
  readonly sealedBefore: readonly string[];
  /** Hours. */
  readonly retention: number;
  /** The shortest lifetime that there ever was, hours. */
  readonly leastHours: number;
  readonly saves: boolean;
  /** How many times the table was restored. */
  readonly epoch: number;
}

/** The consumer gets an answer. If it saves it, it goes on from there. */
export function take(one: Consumer, taken: TakenAnswer, report: (violation: string) => void): void {
  const { answer, startedAt, retention, epoch } = taken;
  const { name } = one.options;
  const { before } = taken;
  const isRestored = before !== undefined && before.epoch !== epoch;
  if (isRestored && answer.gapSince === undefined && before.taken.size > 0)
    report(`${name} was not told that the table was restored`);
  const kept = isRestored ? undefined : before;
  const names = new Set(kept?.taken);
  for (const log of answer.logs) {
    const logged = nameOf(log);
    if (names.has(logged)) report(`${name} got ${logged} twice`);
    names.add(logged);
  }
  const gap = answer.gapSince === undefined ? [] : [{ since: answer.gapSince, at: startedAt, retention }];
  const isLong = gap.every(({ since }) => startedAt - since > taken.leastHours * HOUR - TOLERANCE);
  if (!isRestored && !isLong) report(`${name} was told of a gap although nothing can have expired`);
  const progress: Progress = {
    cursor: answer.cursor,
    epoch,
    beganAt: kept?.beganAt ?? startedAt,
    retentionAtBegin: kept?.retentionAtBegin ?? retention,
    sealedBefore: kept?.sealedBefore ?? new Set(taken.sealedBefore),
    taken: names,
    gaps: [...(kept?.gaps ?? []), ...gap],
    hasMore: answer.hasMore,
    unresolved: answer.unresolved,
  };
  one.given.set(progressText(progress), progress);
  if (taken.saves && one.progress === before) one.progress = progress;
}

const FIELDS = /"id":"(?<id>[^"]*)","created":"(?<created>[^"]*)"/;

/** `logName` of a log as the feed shows it. */
function nameOf(log: Buffer): string {
  const { id, created } = FIELDS.exec(log.toString())?.groups ?? {};
  return `${id}@${Date.parse(created ?? '')}`;
}

const progressText = (progress: Progress | undefined): string =>
  progress
    ? [
        progress.cursor,
        [...progress.taken].sort().join(),
        [...progress.sealedBefore].sort().join(),
        JSON.stringify(progress.gaps),
      ].join(' ')
    : '';

/** More than clocks differ, and more than a batch takes. */
export const TOLERANCE = 10 * MINUTE;
