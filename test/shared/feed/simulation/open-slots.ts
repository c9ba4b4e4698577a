import type { Head, Intent, SlotContent } from '../../../../shared/feed/feed-table.ts';
import { contentKey, HEAD, isContentKey, sealKeyOf } from './simulated-table.ts';
import type { View } from './stored-items.ts';

/** How many numbers were given out after the last slot. Nobody waits for them, and nothing tells how old they are. */
export function numbersWithoutSlots(view: View): number {
  const head = view.get(HEAD)?.value as Head | undefined;
  let count = 0;
  for (const [shard, last] of head?.numbers ?? []) {
    const settled = head?.settled.get(shard) ?? 0;
    for (let number = last; number > settled && !view.has(contentKey({ shard, number })); number--)
      count += 1;
  }
  return count;
}

/**
 * The slots that have an intent and no seal, and whose logs can still be read.
 *
 * @param storedAfter epoch milliseconds (exclusive)
 */
export const unsealedSlots = (view: View, storedAfter: number): string[] =>
  [...view].flatMap(([key, { value }]) => {
    if (!isContentKey(key) || (value as SlotContent).kind !== 'intent' || view.has(sealKeyOf(key))) return [];
    return (value as Intent).at > storedAfter ? [key] : [];
  });
