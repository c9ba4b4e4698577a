import { GAP_PATIENCE, SEAL_PATIENCE } from './clocks.ts';
import type { Position } from './cursor.ts';
import { FeedItemDamaged } from './feed-errors.ts';
import type { FeedTable, Intent, Slot, SlotName } from './feed-table.ts';
import { type DecodedLog, decodeIntent } from './intent-codec.ts';
import { SLOT_MARGIN } from './lifetimes.ts';
import { decodeSeal } from './seal-codec.ts';

/** The members of a slot that were not read yet: at least one. */
export interface ReadySlot {
  /** When they were stored, epoch milliseconds. */
  readonly at: number;
  /** Until when they can be read under the lifetime they were written with, epoch milliseconds. */
  readonly readableUntil: number;
  readonly logs: readonly DecodedLog[];
}

export interface ShardReaderOptions {
  readonly table: FeedTable;
  readonly shard: number;
  readonly position: Position;
  /** Whether there is nothing beyond the position, as the head says. */
  readonly isIdle: boolean;
  /** When reading began, epoch milliseconds. */
  readonly startedAt: number;
  /** Is told of each slot that cannot be read, and when it was stored, if that is known. */
  readonly onDamage: (at: number | undefined) => void;
}

export type ShardReader = ReturnType<typeof shardReader>;

/**
 * Reads one shard in the order of its slots. It stops at the first slot that is not finished, so nothing can appear behind
 * its position (docs/feed.md#reading).
 */
export function shardReader({ table, shard, position, isIdle, startedAt, onDamage }: ShardReaderOptions) {
  let { number, members } = position;
  /** Slots beyond the position, as they were read from the table. */
  let seen: readonly Slot[] = [];
  let isAllSeen = isIdle;
  let lastAt: number | undefined;
  let next: ReadySlot | 'open' | undefined;

  const pass = (): void => {
    lastAt = seen[0]?.content?.at ?? lastAt;
    number += 1;
    members = 0;
    seen = seen.slice(1);
  };

  /** The next slot as far as it is ready, `open` where it is not finished, `undefined` where none was seen. */
  const examine = (): ReadySlot | 'open' | undefined => {
    for (;;) {
      const slot = seen[0];
      if (slot === undefined) return undefined;
      if (slot.number !== number + 1 || slot.content === undefined) return 'open';
      if (slot.content.kind === 'intent') {
        const opened = openSlot(slot, slot.content, members);
        if (opened === 'open') return 'open';
        if (opened === 'damaged') onDamage(slot.content.at);
        else if (opened.logs.length > 0) return opened;
      } else if (slot.content.kind === 'damaged') onDamage(slot.content.at);
      pass();
    }
  };

  return {
    shard,
    position: (): Position => ({ number, members }),
    next: (): ReadySlot | undefined => (next === 'open' ? undefined : next),
    /** Whether the table may have a slot that is ready, and that was not seen yet. */
    mayHaveMore: (): boolean => next === undefined && !isAllSeen,

    /** Reads further slots. */
    async read(limit: number): Promise<void> {
      const { slots, isEnd } = await table.readSlots(shard, seen.at(-1)?.number ?? number, limit, {
        consistent: false,
      });
      seen = [...seen, ...slots];
      isAllSeen = isEnd;
      next = examine();
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
      const first = seen.find(({ content }) => content?.at !== undefined)?.content?.at;
      return first ?? (isAllSeen ? startedAt : (lastAt ?? startedAt));
    },

    /** The slot that holds up this shard for too long. */
    unresolved(now: number): SlotName | undefined {
      if (next !== 'open') return undefined;
      const [first] = seen;
      const isGap = first?.number !== number + 1;
      const at = seen.find(({ content }) => content?.at !== undefined)?.content?.at ?? now;
      return now - at >= (isGap ? GAP_PATIENCE : SEAL_PATIENCE) ? { shard, number: number + 1 } : undefined;
    },
  };
}

function openSlot({ seal, expiresAt }: Slot, { at, logs }: Intent, members: number) {
  try {
    const decoded = decodeIntent(logs);
    if (seal === undefined) return 'open';
    const isMember = decodeSeal(seal, decoded.length);
    const rest = decoded.filter((_, i) => isMember[i]).slice(members);
    const readableUntil = expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - SLOT_MARGIN;
    return { at, readableUntil, logs: rest };
  } catch (error) {
    if (error instanceof FeedItemDamaged) return 'damaged';
    throw error;
  }
}
