import { FeedItemDamaged } from './feed-errors.ts';
import { feedFields } from './feed-log.ts';
import type { Slot } from './feed-table.ts';
import { type DecodedLog, decodeIntent } from './intent-codec.ts';
import { SLOT_MARGIN } from './lifetimes.ts';
import { decodeSeal } from './seal-codec.ts';

/** The members of a slot that were not read yet: at least one. */
export interface ReadySlot {
  /** When they were stored, epoch milliseconds. */
  readonly at: number;
  /** Until when they can be read under the lifetime they were written with, epoch milliseconds. */
  readonly readableUntil: number;
  /** In the JSON of the feed (feed-log.ts), or as they are stored. */
  readonly logs: readonly DecodedLog[];
}

/** Until when the logs of a slot can be read under the lifetime it was written with, epoch milliseconds. */
export const slotReadableUntil = ({ expiresAt }: Slot): number =>
  expiresAt === undefined ? Number.POSITIVE_INFINITY : expiresAt - SLOT_MARGIN;

/**
 * Decodes the logs of a slot.
 *
 * @param members how many of its first members are left out
 * @param withFeedFields whether the logs get the fields that the feed adds (feed-log.ts)
 * @returns `open` if it is not sealed, `void` or `damaged` if it has no logs that can be read
 * @throws UnknownFeedVersion if a later release wrote it
 */
export function openSlot(
  slot: Slot,
  members: number,
  withFeedFields: boolean,
): ReadySlot | 'open' | 'void' | 'damaged' {
  const { content, seal } = slot;
  if (content === undefined) return 'open';
  if (content.kind !== 'intent') return content.kind;
  try {
    const decoded = decodeIntent(content.logs, withFeedFields ? feedFields(content.at) : undefined);
    if (seal === undefined) return 'open';
    const isMember = decodeSeal(seal, decoded.length);
    const logs = decoded.filter((_, i) => isMember[i]).slice(members);
    return { at: content.at, readableUntil: slotReadableUntil(slot), logs };
  } catch (error) {
    if (error instanceof FeedItemDamaged) return 'damaged';
    throw error;
  }
}
