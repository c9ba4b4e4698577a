import { MINUTE } from '../../../../shared/time.ts';

/** The items of a table in memory: their expiry, and what a read that is not strongly consistent may still see. */

export interface StoredItem {
  readonly value: unknown;
  /** Says what the item holds, so that two states can be compared. */
  readonly text: string;
  /** Epoch milliseconds; undefined if it never expires. */
  readonly expiresAt: number | undefined;
}

/** What a read sees. */
export type View = ReadonlyMap<string, StoredItem>;

/** How many of the last writes of a partition a read misses: for keys from `from` on, and for those before it. */
export interface Staleness {
  readonly missed: number;
  readonly from: string;
  readonly missedBefore: number;
}

export const CURRENT: Staleness = { missed: 0, from: '', missedBefore: 0 };

interface Write {
  readonly time: number;
  readonly key: string;
  readonly before: StoredItem | undefined;
}

/** A read that is not strongly consistent sees every write that is older than this. */
const LONGEST_DELAY = 1 * MINUTE;

export type StoredItems = ReturnType<typeof storedItems>;

/** @param now the table's own clock, epoch milliseconds */
export function storedItems(now: () => number) {
  let items = new Map<string, StoredItem>();
  const writes = new Map<string, Write[]>();

  const change = (partition: string, key: string, item: StoredItem | undefined): void => {
    const list = writes.get(partition) ?? [];
    writes.set(partition, [...list.slice(-8), { time: now(), key, before: items.get(key) }]);
    if (item) items.set(key, item);
    else items.delete(key);
  };

  const recent = (partition: string): Write[] =>
    (writes.get(partition) ?? []).filter(({ time }) => now() - time < LONGEST_DELAY);

  return {
    current: (): View => items,
    put: (partition: string, key: string, item: StoredItem): void => change(partition, key, item),

    /** How many writes a read of the partition may miss. */
    missable: (partition: string): number => recent(partition).length,

    view(partition: string, { missed, from, missedBefore }: Staleness): View {
      if (missed === 0 && missedBefore === 0) return items;
      const view = new Map(items);
      const undone = recent(partition).toReversed();
      for (const [i, { key, before }] of undone.entries()) {
        if (i >= (key >= from ? missed : missedBefore)) continue;
        if (before) view.set(key, before);
        else view.delete(key);
      }
      return view;
    },

    /** The keys of the items that the table may delete now, in order. */
    expired: (): string[] =>
      [...items]
        .filter(([, { expiresAt }]) => expiresAt !== undefined && expiresAt < now())
        .map(([key]) => key)
        .sort(),
    expire: (partition: string, key: string): void => change(partition, key, undefined),

    /** Goes back to an earlier state, as a table does that is restored. */
    snapshot: (): View => new Map(items),
    restore(snapshot: View): void {
      items = new Map(snapshot);
      writes.clear();
    },

    text: (): string =>
      [...items]
        .map(([key, { text }]) => `${key}=${text}`)
        .sort()
        .join(';'),
    /** What a stale read may see depends on the last writes, too. */
    recentText: (): string =>
      [...writes.keys()]
        .sort()
        .map((partition) =>
          recent(partition)
            .slice(-2)
            .map(({ key }) => key)
            .join(','),
        )
        .join('|'),
  };
}
