import pMap from 'p-map';
import { comparePositions, type DeliveryPosition, rangeAfter } from '../delivery/delivery-position.ts';
import type { StoredDelivery } from '../delivery/stored-delivery.ts';
import { READS_AT_ONCE } from './collect-window.ts';
import type { KeyRange } from './log-key.ts';

/** Reads the deliveries of many partitions in one order, as many as an answer holds or as time allows. */

/** What one read of a partition gives. */
export interface DeliveryBatch {
  /** In the order of their keys. */
  readonly deliveries: readonly StoredDelivery[];
  /** How many items were read for them. */
  readonly evaluated: number;
  /** The sort key to go on after; undefined at the end of the range. */
  readonly next: string | undefined;
}

/**
 * Reads deliveries of a range that come after a sort key, or its first.
 *
 * @param limit how many items are read at most
 */
export type ReadLane = (range: KeyRange, after: string | undefined, limit: number) => Promise<DeliveryBatch>;

export interface CollectDeliveriesOptions {
  readonly ranges: readonly KeyRange[];
  /** The place to go on after; undefined for the beginning. */
  readonly after: DeliveryPosition | undefined;
  /** The most deliveries that are given. */
  readonly limit: number;
  readonly isWanted: (delivery: StoredDelivery) => boolean;
  /** Asked before each further round of reads; once it says no, reading stops. */
  readonly hasTime: () => boolean;
}

export interface CollectedDeliveries {
  readonly deliveries: readonly StoredDelivery[];
  /** The place after these deliveries; undefined if nothing comes after them. */
  readonly next: DeliveryPosition | undefined;
}

/** One partition: what was read of it, and up to where. */
interface Lane {
  readonly range: KeyRange;
  readonly found: StoredDelivery[];
  /** The sort key of the last item that was read. */
  after: string | undefined;
  isRead: boolean;
}

/** Up to where every partition was read: nowhere (undefined), up to a place, or all of it. */
type Horizon = DeliveryPosition | 'end' | undefined;

/**
 * Reads all partitions side by side, round by round. A round reads on in each partition that has less than its share of what
 * is missing beyond the place up to which all partitions were read. So none is read far ahead, and memory is bounded.
 *
 * @throws what `read` throws, unless the time is over and something was read
 */
export async function collectDeliveries(
  read: ReadLane,
  { ranges, after, limit, isWanted, hasTime }: CollectDeliveriesOptions,
): Promise<CollectedDeliveries> {
  const lanes = ranges
    .map((range) => rangeAfter(range, after))
    .filter((range) => range !== undefined)
    .map((range): Lane => ({ range, found: [], after: undefined, isRead: false }));
  const counts = { evaluated: 0, wanted: 0 };

  const readOn = async (lane: Lane, items: number): Promise<void> => {
    const { deliveries, evaluated, next } = await read(lane.range, lane.after, items);
    const wanted = deliveries.filter(isWanted);
    lane.found.push(...wanted);
    counts.evaluated += evaluated;
    counts.wanted += wanted.length;
    if (next === undefined) lane.isRead = true;
    else lane.after = next;
  };

  for (;;) {
    const horizon = horizonOf(lanes);
    const ready = readyUpTo(lanes, horizon);
    const last = ready[limit - 1];
    if (last !== undefined && ready.length > limit)
      return { deliveries: ready.slice(0, limit), next: last.key };
    if (horizon === 'end') return { deliveries: ready, next: undefined };
    if (horizon !== undefined && (ready.length === limit || !hasTime()))
      return { deliveries: ready, next: horizon };

    const unread = lanes.filter(({ isRead }) => !isRead);
    const share = (limit - ready.length) / unread.length;
    const items = itemsToRead(share, counts);
    const behind = unread.filter(({ found }) => !isBeyond(found.at(-Math.ceil(share)), horizon));
    try {
      await pMap(behind, (lane) => readOn(lane, items), { concurrency: READS_AT_ONCE });
    } catch (error) {
      if (horizon === undefined || hasTime()) throw error;
    }
  }
}

function horizonOf(lanes: readonly Lane[]): Horizon {
  let least: Horizon = 'end';
  for (const { range, after, isRead } of lanes) {
    if (isRead) continue;
    if (after === undefined) return undefined;
    const place = { partitionKey: range.partitionKey, sortKey: after };
    if (least === 'end' || comparePositions(place, least) < 0) least = place;
  }
  return least;
}

const isBeyond = (delivery: StoredDelivery | undefined, horizon: Horizon): boolean =>
  delivery !== undefined &&
  horizon !== 'end' &&
  (horizon === undefined || comparePositions(delivery.key, horizon) > 0);

/** In order. */
const readyUpTo = (lanes: readonly Lane[], horizon: Horizon): StoredDelivery[] =>
  lanes
    .flatMap(({ found }) => found.filter((delivery) => !isBeyond(delivery, horizon)))
    .sort((a, b) => comparePositions(a.key, b.key));

/** The least and the most items of one read: DynamoDB's own limit is 1 MB of items. */
const LEAST_ITEMS = 25;
const MOST_ITEMS = 10_000;
/** So much more is read than is expected to be needed: the logs of an answer are not spread evenly. */
const MARGIN = 1.25;

/**
 * How many items to read of a partition, if as many of them are wanted as until now.
 *
 * @param share how many deliveries the partition is expected to add
 */
function itemsToRead(
  share: number,
  { evaluated, wanted }: { readonly evaluated: number; readonly wanted: number },
): number {
  const itemsForOne = (evaluated + 1) / (wanted + 1);
  const items = Math.ceil(MARGIN * share * itemsForOne);
  return Math.min(MOST_ITEMS, Math.max(LEAST_ITEMS, items));
}
