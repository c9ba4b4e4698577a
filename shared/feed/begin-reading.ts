import { HOUR } from '../time.ts';
import { MOST_SKEW } from './clocks.ts';
import { BEGINNING, type Cursor, type Position } from './cursor.ts';
import { InvalidCursor } from './feed-errors.ts';
import type { FeedTable, Head } from './feed-table.ts';
import { positionBefore, positionOfFirstOpen } from './find-position.ts';
import { mayHaveExpired } from './lifetimes.ts';

/** Decides where an answer begins (docs/feed.md#where-reading-begins). */

/** Where reading starts. `since`: logs stored at or after it, epoch milliseconds. */
export type Start =
  | { readonly kind: 'cursor'; readonly cursor: Cursor }
  | { readonly kind: 'since'; readonly since: number }
  /** What is not finished being stored yet. */
  | { readonly kind: 'now' }
  | { readonly kind: 'oldest' };

export interface Beginning {
  /** Undefined before the first batch. */
  readonly head: Head | undefined;
  /** Of every shard that the head or the cursor knows. */
  readonly positions: ReadonlyMap<number, Position>;
  /** Logs that were stored before it are left out, epoch milliseconds. */
  readonly since: number;
  /** Since when logs may have expired that the caller has not read, epoch milliseconds. */
  readonly gapSince: number | undefined;
}

/**
 * @param now epoch milliseconds
 * @throws InvalidCursor if the cursor is ahead of the feed
 */
export async function beginReading(
  table: FeedTable,
  start: Start,
  now: number,
  retentionHours: number,
): Promise<Beginning> {
  const oldest = now - retentionHours * HOUR;
  if (start.kind === 'cursor') return beginAtCursor(table, start.cursor, now, oldest);

  const head = await table.readHead({ consistent: true });
  if (head === undefined) {
    const since = start.kind === 'since' ? start.since : 0;
    return { head, positions: new Map(), since, gapSince: undefined };
  }
  if (start.kind === 'now') {
    const positions = await mapShards(head, (shard) => positionOfFirstOpen(table, head, shard));
    return { head, positions, since: 0, gapSince: undefined };
  }
  return beginSince(table, head, start.kind === 'since' ? Math.max(start.since, oldest) : oldest);
}

async function beginSince(table: FeedTable, head: Head, since: number): Promise<Beginning> {
  const positions = await mapShards(head, (shard) => positionBefore(table, head, shard, since - MOST_SKEW));
  return { head, positions, since, gapSince: undefined };
}

async function beginAtCursor(
  table: FeedTable,
  cursor: Cursor,
  now: number,
  oldest: number,
): Promise<Beginning> {
  const { epoch, t, since, positions } = cursor;
  if (t > now + MOST_SKEW) throw new InvalidCursor('its time is in the future');
  let head = await table.readHead({ consistent: false });
  if (isOtherEpoch(head, epoch) || isAhead(cursor, head) || isOld(head, t, now)) {
    // The head that was read may be an older one.
    head = await table.readHead({ consistent: true });
    if (isOtherEpoch(head, epoch)) {
      if (head === undefined) return { head, positions: new Map(), since: 0, gapSince: t };
      return { ...(await beginSince(table, head, oldest)), gapSince: t };
    }
    if (isAhead(cursor, head)) throw new InvalidCursor('it names slots that do not exist yet');
  }
  if (head === undefined) return { head, positions, since, gapSince: undefined };

  const known = new Map(
    [...shardsOf(head)].map((shard) => [shard, BEGINNING] as const).concat([...positions]),
  );
  if (!isOld(head, t, now)) return { head, positions: known, since, gapSince: undefined };
  return { ...(await beginAfterExpiry(table, head, known, t, oldest)), since: Math.max(since, oldest) };
}

/** What is absent beyond an old position may have expired. A shard whose position is the last slot has missed nothing. */
async function beginAfterExpiry(
  table: FeedTable,
  head: Head,
  known: ReadonlyMap<number, Position>,
  t: number,
  oldest: number,
): Promise<Omit<Beginning, 'since'>> {
  let gapSince: number | undefined;
  const begin = async (shard: number): Promise<Position> => {
    const position = known.get(shard) ?? BEGINNING;
    if ((head.numbers.get(shard) ?? 0) <= position.number) return position;
    gapSince = t;
    const found = await positionBefore(table, head, shard, oldest - MOST_SKEW);
    return found.number > position.number ? found : position;
  };
  const positions = await mapEach([...known.keys()], begin);
  return { head, positions, gapSince };
}

const isOtherEpoch = (head: Head | undefined, epoch: string): boolean =>
  epoch !== '' && head?.epoch !== epoch;

const isAhead = ({ positions }: Cursor, head: Head | undefined): boolean =>
  [...positions].some(([shard, { number }]) => number > (head?.numbers.get(shard) ?? 0));

const isOld = (head: Head | undefined, t: number, now: number): boolean =>
  head !== undefined && mayHaveExpired(head.lifetimes, t, now);

const shardsOf = (head: Head): Iterable<number> => head.numbers.keys();

const mapShards = (head: Head, find: (shard: number) => Promise<Position>): Promise<Map<number, Position>> =>
  mapEach([...shardsOf(head)], find);

const mapEach = async (
  shards: readonly number[],
  find: (shard: number) => Promise<Position>,
): Promise<Map<number, Position>> =>
  new Map(await Promise.all(shards.map(async (shard) => [shard, await find(shard)] as const)));
