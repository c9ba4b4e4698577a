import * as z from 'zod/mini';
import type { FeedTable, Head } from '../feed/feed-table.ts';
import { openSlot, slotReadableUntil } from '../feed/open-slot.ts';

/** When the newest log was stored, and when its event occurred; epoch milliseconds. */
export interface LastStored {
  readonly storedAt: number;
  /** The latest `@timestamp` of the logs that were stored together with it. */
  readonly eventAt: number;
}

/** How many batches of each shard are looked at, from the newest on. */
export const MOST_BATCHES = 10;

const logSchema = z.object({ '@timestamp': z.string() });

/**
 * Finds the newest log by the feed: it looks at the newest batches of each shard until one has a log
 * (docs/contract.md#the-status). Reads are eventually consistent, which costs half.
 *
 * @param now epoch milliseconds: what has expired by then is not found
 * @returns undefined if none of these batches has a log that can be read
 */
export async function findLastStored(table: FeedTable, now: number): Promise<LastStored | undefined> {
  const head = await table.readHead({ consistent: false });
  if (head === undefined) return undefined;
  const found = await Promise.all([...head.numbers.keys()].map((shard) => lastOf(table, head, shard, now)));
  return found.reduce(
    (last, each) => (each && each.storedAt > (last?.storedAt ?? Number.NEGATIVE_INFINITY) ? each : last),
    undefined,
  );
}

async function lastOf(
  table: FeedTable,
  head: Head,
  shard: number,
  now: number,
): Promise<LastStored | undefined> {
  const newest = head.numbers.get(shard) ?? 0;
  const settled = head.settled.get(shard) ?? 0;
  for (let number = newest; number > Math.max(0, newest - MOST_BATCHES); number--) {
    const { slots } = await table.readSlots(shard, number - 1, 1, { consistent: false });
    const slot = slots.find((each) => each.number === number);
    // What is settled and absent has expired, and so has everything before it.
    if (slot === undefined && number <= settled) return undefined;
    if (slot === undefined) continue;
    if (slotReadableUntil(slot) <= now) return undefined;
    const opened = openSlot(slot, 0, false);
    if (typeof opened === 'string' || opened.logs.length === 0) continue;
    const times = opened.logs.map(({ json }) =>
      Date.parse(logSchema.parse(JSON.parse(json.toString()))['@timestamp']),
    );
    return { storedAt: opened.at, eventAt: times.reduce((a, b) => Math.max(a, b)) };
  }
  return undefined;
}
