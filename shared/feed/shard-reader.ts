import { GAP_PATIENCE, SEAL_PATIENCE } from './clocks.ts';
import type { Position } from './cursor.ts';
import type { FeedTable, Slot, SlotName } from './feed-table.ts';
import { openSlot, type ReadySlot, slotReadableUntil } from './open-slot.ts';

export interface ShardReaderOptions {
  readonly table: FeedTable;
  readonly shard: number;
  readonly position: Position;
  /** Whether there is nothing beyond the position, as the head says. */
  readonly isIdle: boolean;
  /** When reading began, epoch milliseconds. */
  readonly startedAt: number;
  /** Whether the logs get the fields that the feed adds (feed-log.ts). */
  readonly withFeedFields: boolean;
  /** Whether slots that were stored at an instant may have expired, epoch milliseconds. */
  readonly mayHaveExpired: (at: number) => boolean;
  /** Is told, with a time of about its storing, of each slot that was passed over unfinished: nobody finishes it any more. */
  readonly onOver: (at: number) => void;
  /** Is told of each slot that cannot be read, and when it was stored, if that is known. */
  readonly onDamage: (at: number | undefined) => void;
}

export type ShardReader = ReturnType<typeof shardReader>;

/**
 * Reads one shard in the order of its slots. It stops at the first slot that is not finished, so nothing can appear behind
 * its position (docs/feed.md#reading).
 */
export function shardReader(options: ShardReaderOptions) {
  const { table, shard, position, isIdle, startedAt, withFeedFields, mayHaveExpired, onOver, onDamage } =
    options;
  let { number, members } = position;
  /** Slots beyond the position, as they were read from the table. */
  let seen: readonly Slot[] = [];
  let isAllSeen = isIdle;
  let lastAt: number | undefined;
  let next: ReadySlot | 'open' | undefined;

  const isGap = (): boolean => seen[0]?.number !== number + 1;
  /** The time of the first slot beyond the position whose time is known. */
  const seenAt = (): number | undefined => seen.find(({ content }) => content?.at !== undefined)?.content?.at;

  const pass = (): void => {
    lastAt = seen[0]?.content?.at ?? lastAt;
    if (!isGap()) seen = seen.slice(1);
    number += 1;
    members = 0;
  };

  /** Whether nobody finishes the next slot any more. An intent says how long it is kept; of what is absent, `at` tells. */
  const isOver = (at: number): boolean => {
    const intent = isGap() || seen[0]?.content === undefined ? undefined : seen[0];
    return intent ? slotReadableUntil(intent) <= startedAt : mayHaveExpired(at);
  };

  /** The next slot as far as it is ready, `open` where it is not finished, `undefined` where none was seen. */
  const examine = (): ReadySlot | 'open' | undefined => {
    for (; seen[0]; pass()) {
      const opened = isGap() ? 'open' : openSlot(seen[0], members, withFeedFields);
      if (opened === 'open') {
        const at = seenAt();
        if (at === undefined || !isOver(at)) return 'open';
        onOver(at);
      } else if (opened === 'damaged') onDamage(seen[0].content?.at);
      else if (opened !== 'void' && opened.logs.length > 0) return opened;
    }
    return undefined;
  };

  return {
    shard,
    position: (): Position => ({ number, members }),
    next: (): ReadySlot | undefined => (next === 'open' ? undefined : next),
    /** Whether the table may have a slot that is ready, and that was not seen yet. */
    mayHaveMore: (): boolean => next === undefined && !isAllSeen,

    /** Reads further slots, until it knows the time of one. */
    async read(limit: number): Promise<void> {
      do {
        const after = seen.at(-1)?.number ?? number;
        const { slots, isEnd } = await table.readSlots(shard, after, limit, { consistent: false });
        seen = [...seen, ...slots];
        isAllSeen = isEnd;
        next = examine();
      } while (!isAllSeen && seenAt() === undefined && (next === 'open' || lastAt === undefined));
    },

    /** Goes past the first `count` logs of the next slot. */
    take(count: number): void {
      const { logs, ...slot } = next as ReadySlot;
      members += count;
      if (count < logs.length) next = { ...slot, logs: logs.slice(count) };
      else {
        pass();
        next = examine();
      }
    },

    /**
     * The time of the first item that was seen beyond the position, whatever it is; epoch milliseconds. Where nothing
     * is there, it is the time when reading began.
     */
    firstBeyond(): number {
      return seenAt() ?? (isAllSeen ? startedAt : (lastAt ?? startedAt));
    },

    /** The slot that holds up this shard for too long. */
    unresolved(now: number): SlotName | undefined {
      if (next !== 'open') return undefined;
      return now - (seenAt() ?? now) >= (isGap() ? GAP_PATIENCE : SEAL_PATIENCE)
        ? { shard, number: number + 1 }
        : undefined;
    },
  };
}
