import { BEGINNING, type Position } from './cursor.ts';
import type { FeedTable, Head, Slot } from './feed-table.ts';

/** Finds where reading a shard begins (docs/feed.md#where-reading-begins). All reads are strongly consistent. */

const CONSISTENT = { consistent: true };
/** Slots a read, where every slot is needed. */
const SCAN = 100;

/**
 * The last position before the first slot that was stored at or after an instant. Numbers that are absent and not settled
 * may be in flight: they come after the position.
 *
 * @param at epoch milliseconds, already less the clock skew
 */
export async function positionBefore(
  table: FeedTable,
  head: Head,
  shard: number,
  at: number,
): Promise<Position> {
  /** The first slot after a number whose time is known. One is read at a time, because a slot may be large. */
  const next = async (after: number): Promise<DatedSlot | undefined> => {
    const { slots, isEnd } = await table.readSlots(shard, after, 1, CONSISTENT);
    const slot = slots.at(-1);
    const found = slot && dated(slot);
    return found || isEnd || !slot ? found : next(slot.number);
  };

  // All slots up to `low` were stored before the instant, as far as they are there; `high` and later ones were not.
  let low = 0;
  let high = (head.numbers.get(shard) ?? 0) + 1;
  while (low + 1 < high) {
    const middle = Math.floor((low + high) / 2);
    const slot = await next(middle - 1);
    if (slot === undefined || slot.number >= high || slot.at >= at) high = middle;
    else low = slot.number;
  }
  // A settled number that is absent was there, and has expired.
  const following = (await next(low))?.number ?? Number.POSITIVE_INFINITY;
  const expired = Math.min(head.settled.get(shard) ?? 0, following - 1);
  return { number: Math.max(low, expired), members: 0 };
}

/** The last position before the first slot that is not finished yet: a batch that is in flight belongs to the reader. */
export async function positionOfFirstOpen(table: FeedTable, head: Head, shard: number): Promise<Position> {
  let number = head.settled.get(shard) ?? BEGINNING.number;
  for (;;) {
    const { slots, isEnd } = await table.readSlots(shard, number, SCAN, CONSISTENT);
    for (const slot of slots) {
      if (slot.number !== number + 1 || !isFinished(slot)) return { number, members: 0 };
      number = slot.number;
    }
    if (isEnd) return { number, members: 0 };
  }
}

/** Whether nothing of the slot changes any more. */
export const isFinished = ({ content, seal }: Slot): boolean =>
  content?.kind === 'void' ||
  content?.kind === 'damaged' ||
  (content?.kind === 'intent' && seal !== undefined);

interface DatedSlot {
  readonly number: number;
  readonly at: number;
}

const dated = ({ number, content }: Slot): DatedSlot | undefined =>
  content?.at === undefined ? undefined : { number, at: content.at };
