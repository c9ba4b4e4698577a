import type { Application } from '../event/bus-events.ts';
import type { WriteLog } from '../log/formats/log-format.ts';
import type { LogMatcher } from '../query/log-filter.ts';
import { HOUR } from '../time.ts';
import { type Beginning, beginReading, type Start } from './begin-reading.ts';
import { MOST_SKEW } from './clocks.ts';
import { formatCursor, type Place } from './cursor.ts';
import type { OpenFeedTable, SlotName } from './feed-table.ts';
import { mayHaveExpired } from './lifetimes.ts';
import type { ReadySlot } from './open-slot.ts';
import { type ShardReader, shardReader } from './shard-reader.ts';

/** Reads the feed (docs/feed.md#reading). It only reads: what it finds unfinished is left to resolving. */

export interface FeedRequest {
  readonly start: Start;
  /** How many logs the answer holds at most, at least 1. */
  readonly limit: number;
  readonly applications: readonly Application[];
  /** Which logs are wanted. Default: all. */
  readonly matches?: LogMatcher | undefined;
  /** Writes a log in another format. Default: the format of the feed (feed-log.ts). */
  readonly write?: WriteLog | undefined;
  /** How many bytes of JSON the answer holds at most; the first log is taken whatever its size. */
  readonly maxBytes: number;
  /** When to stop reading, epoch milliseconds. The first slots are read in any case. */
  readonly readUntil: number;
}

export interface FeedAnswer {
  /** The JSON of each log in UTF-8. */
  readonly logs: readonly Buffer[];
  /** Of the logs together. */
  readonly bytes: number;
  /** Where this answer began: not at the caller's cursor if logs have expired there, or the table was restored. */
  readonly from: Place;
  /** The place after this answer (cursor.ts). */
  readonly cursor: string;
  /** Whether the next request can move on now. */
  readonly hasMore: boolean;
  /** Since when logs may be missing, epoch milliseconds; undefined if nothing is. */
  readonly gapSince: number | undefined;
  /** When the oldest of the logs was stored, epoch milliseconds; undefined if there are none. */
  readonly oldestAt: number | undefined;
  /** Everything that was stored before this instant was read, but for clock skew; epoch milliseconds. */
  readonly readUpTo: number;
  /** The slots that hold up their shards for too long. */
  readonly unresolved: readonly SlotName[];
  /** How many slots were passed over because they cannot be read. */
  readonly damaged: number;
}

/**
 * @throws InvalidCursor if the cursor is ahead of the feed
 * @throws UnknownFeedVersion if a later release wrote what would come next
 */
export type ReadFeed = (request: FeedRequest, signal: AbortSignal) => Promise<FeedAnswer>;

export interface ReadOptions {
  readonly openTable: OpenFeedTable;
  /** How long a log can be read after it was stored, hours. */
  readonly retentionHours: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

export function feedReader({ openTable, retentionHours, now }: ReadOptions): ReadFeed {
  return async (request, signal) => {
    const startedAt = now();
    const table = openTable(signal);
    const beginning = await beginReading(table, request.start, startedAt, retentionHours);
    const answer = answerOf(request, beginning, startedAt, startedAt - retentionHours * HOUR);
    const shards = [...beginning.positions].map(([shard, position]) => {
      const isIdle = (beginning.head?.numbers.get(shard) ?? 0) <= position.number;
      return shardReader({
        table,
        shard,
        position,
        isIdle,
        startedAt,
        // Another format has places of its own for what the feed adds.
        withFeedFields: request.write === undefined,
        mayHaveExpired: (at) => mayHaveExpired(beginning.head?.lifetimes ?? [], at, startedAt),
        onOver: answer.noteExpired,
        onDamage: answer.skip,
      });
    });

    do {
      await readSome(shards, answer);
      while (!answer.isFull()) {
        const first = oldest(shards);
        if (first === undefined) break;
        first.take(answer.add(first.next() as ReadySlot));
      }
    } while (!answer.isFull() && shards.some((shard) => shard.mayHaveMore()) && now() < request.readUntil);

    const epoch = beginning.head?.epoch ?? '';
    const from = { epoch, since: beginning.since, positions: beginning.positions };
    const hasMore = await isReady(shards, () => now() >= request.readUntil);
    const readUpTo = Math.min(startedAt, ...shards.map((shard) => shard.firstBeyond()));
    const cursor = formatCursor({
      epoch,
      t: readUpTo,
      since: readUpTo > beginning.since + MOST_SKEW ? 0 : beginning.since,
      positions: new Map(shards.map((shard) => [shard.shard, shard.position()])),
    });
    const unresolved = shards.flatMap((shard) => shard.unresolved(startedAt) ?? []);
    return { ...answer.result(), from, cursor, hasMore, readUpTo, unresolved };
  };
}

/** How many logs a slot has, as long as none was seen; and how many slots one read asks for at most. */
const FULL_SLOT = 100;
const MOST_SLOTS = 250;

/**
 * Reads on in every shard that has nothing ready, as much as the answer still has room for, and one slot more: it tells
 * whether there is more.
 */
async function readSome(shards: readonly ShardReader[], answer: Answer): Promise<void> {
  const hungry = shards.filter((shard) => shard.mayHaveMore());
  const slots = Math.ceil(answer.room() / answer.logsPerSlot()) + 1;
  await Promise.all(
    hungry.map((shard, i) => {
      const share = Math.floor((slots + i) / hungry.length);
      return shard.read(Math.min(MOST_SLOTS, Math.max(1, share)));
    }),
  );
}

/** Of the shards that have a slot ready, the one whose slot was stored first. */
function oldest(shards: readonly ShardReader[]): ShardReader | undefined {
  let first: ShardReader | undefined;
  for (const shard of shards) {
    const at = shard.next()?.at;
    if (at !== undefined && at < (first?.next()?.at ?? Number.POSITIVE_INFINITY)) first = shard;
  }
  return first;
}

/**
 * Whether the next request can move on now. Where that is not known, it reads one slot more: a shard that waits for a slot
 * is not more. When the time is up, a shard that could still move on is taken for more.
 */
async function isReady(shards: readonly ShardReader[], isTimeUp: () => boolean): Promise<boolean> {
  for (const shard of shards.toSorted((a, b) => Number(a.mayHaveMore()) - Number(b.mayHaveMore()))) {
    while (shard.mayHaveMore()) {
      await shard.read(1);
      if (isTimeUp() && shard.mayHaveMore()) return true;
    }
    if (shard.next() !== undefined) return true;
  }
  return false;
}

type Answer = ReturnType<typeof answerOf>;

/** Collects the logs of an answer, within its bounds. */
function answerOf(
  { start, limit, applications, matches, write, maxBytes }: FeedRequest,
  { since, gapSince: gapAtBeginning }: Beginning,
  startedAt: number,
  storedAfter: number,
) {
  const logs: Buffer[] = [];
  let bytes = 0;
  let oldestAt: number | undefined;
  let gapSince = gapAtBeginning;
  let damaged = 0;
  let isFull = false;
  let slotsSeen = 0;
  let logsSeen = 0;
  const gap = (at: number): void => {
    gapSince = Math.min(gapSince ?? at, at);
  };
  /** Whoever begins at the oldest log has missed nothing. */
  const noteExpired = (at: number): void => {
    if (start.kind === 'cursor') gap(at);
  };

  return {
    isFull: (): boolean => isFull,
    room: (): number => limit - logs.length,
    logsPerSlot: (): number => (slotsSeen === 0 ? FULL_SLOT : Math.max(1, logsSeen / slotsSeen)),

    /** Adds as many logs of a slot as there is room for. @returns how many were gone through */
    add({ at, readableUntil, logs: inSlot }: ReadySlot): number {
      slotsSeen += 1;
      logsSeen += inSlot.length;
      if (at < since) return inSlot.length;
      if (at <= storedAfter || readableUntil <= startedAt) {
        noteExpired(at);
        return inSlot.length;
      }
      for (const [i, log] of inSlot.entries()) {
        if (!applications.includes(log.application) || matches?.(log.json) === false) continue;
        const json = write?.({ ...log, createdAt: at }) ?? log.json;
        isFull = logs.length > 0 && bytes + json.length > maxBytes;
        if (isFull) return i;
        logs.push(json);
        bytes += json.length;
        oldestAt = Math.min(oldestAt ?? at, at);
        isFull = logs.length === limit;
        if (isFull) return i + 1;
      }
      return inSlot.length;
    },

    noteExpired,

    skip(at: number | undefined): void {
      damaged += 1;
      gap(at ?? startedAt);
    },

    result: () => ({ logs, bytes, oldestAt, gapSince, damaged }),
  };
}
