import type { WriteLog } from '../log/formats/log-format.ts';
import { BEGINNING, type Place, type Position } from './cursor.ts';
import type { FeedTable, OpenFeedTable } from './feed-table.ts';
import { SLOT_MARGIN } from './lifetimes.ts';
import { openSlot, type ReadySlot } from './open-slot.ts';

/**
 * What lies between two places of the feed. Every slot before a place that the feed has given out is finished, so nothing
 * of a range changes any more: whoever reads it gets the same logs in the same order, as long as its slots are kept.
 */
export interface FeedRange {
  readonly from: Place;
  /** Of the same epoch, and not before `from`. */
  readonly to: Place;
  /** When the range was chosen, epoch milliseconds: a log belongs to it if it could be read then. */
  readonly chosenAt: number;
  /** Only logs that were stored after this instant could be read then, epoch milliseconds. */
  readonly storedAfter: number;
}

/**
 * Reads the logs of a range, some at a time. A slot whose own time is over (docs/feed.md#expiry) is left out, whether
 * it was deleted already or not.
 *
 * @param write default: the format of the feed (feed-log.ts)
 * @throws UnknownFeedVersion if a later release wrote a slot of the range
 */
export type ReadRange = (
  range: FeedRange,
  write: WriteLog | undefined,
  signal: AbortSignal,
) => AsyncIterable<readonly Buffer[]>;

/** Slots a read. An intent has up to 400 KB, and a read gives 1 MB at most. */
const PAGE = 50;

/** @param options.now epoch milliseconds */
export function rangeReader({
  openTable,
  now,
}: {
  readonly openTable: OpenFeedTable;
  readonly now: () => number;
}): ReadRange {
  return async function* (range, write, signal) {
    const table = openTable(signal);
    const rows = [...range.to.positions]
      .toSorted(([a], [b]) => a - b)
      .map(([shard, end]) => {
        const begin = range.from.positions.get(shard) ?? BEGINNING;
        return readySlots(table, shard, begin, end, write === undefined);
      });
    for await (const { at, readableUntil, logs } of merged(rows)) {
      const couldBeRead = at >= range.from.since && at > range.storedAfter && readableUntil > range.chosenAt;
      const isKept = readableUntil + SLOT_MARGIN > now();
      if (!couldBeRead || !isKept) continue;
      yield logs.map((log) => write?.({ ...log, createdAt: at }) ?? log.json);
    }
  };
}

/**
 * The slots of a shard in its order, the first and the last as far as they belong to the range. What is not there, or not
 * finished, has expired, or was void. All reads are strongly consistent: whoever chose the range has seen its end.
 */
async function* readySlots(
  table: FeedTable,
  shard: number,
  begin: Position,
  end: Position,
  withFeedFields: boolean,
): AsyncGenerator<ReadySlot> {
  const last = end.members > 0 ? end.number + 1 : end.number;
  for (let after = begin.number; after < last; ) {
    const { slots, isEnd } = await table.readSlots(shard, after, Math.min(PAGE, last - after), {
      consistent: true,
    });
    for (const slot of slots) {
      if (slot.number > last) return;
      after = slot.number;
      const first = slot.number === begin.number + 1 ? begin.members : 0;
      const opened = openSlot(slot, first, withFeedFields);
      if (typeof opened === 'string') continue;
      const logs = slot.number > end.number ? opened.logs.slice(0, end.members - first) : opened.logs;
      if (logs.length > 0) yield { ...opened, logs };
    }
    if (isEnd) return;
  }
}

/** Takes the slot that was stored first among the next of each row; of several, that of the first row. */
async function* merged(rows: readonly AsyncGenerator<ReadySlot>[]): AsyncGenerator<ReadySlot> {
  const next = await Promise.all(rows.map(nextOf));
  for (;;) {
    let first = -1;
    for (const [i, slot] of next.entries())
      if (slot && slot.at < (next[first]?.at ?? Number.POSITIVE_INFINITY)) first = i;
    const slot = next[first];
    if (slot === undefined) return;
    yield slot;
    next[first] = await nextOf(rows[first] as AsyncGenerator<ReadySlot>);
  }
}

const nextOf = async (row: AsyncGenerator<ReadySlot>): Promise<ReadySlot | undefined> => {
  const { value, done } = await row.next();
  return done ? undefined : value;
};
