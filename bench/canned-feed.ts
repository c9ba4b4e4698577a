import { type Item, itemBytes } from '../shared/store/item-size.ts';
import { MINUTE } from '../shared/time.ts';
import type { Partition } from './canned-partition.ts';
import { benchLogs } from './data.ts';
import { itemJson } from './dynamodb-item.ts';
import { recordingStore } from './stored-items.ts';

/** The feed's items as the service's own store puts them. */
export interface CannedFeed {
  readonly partitions: ReadonlyMap<string, Partition>;
  readonly head: Item;
}

const BATCH = 100;
/** From one batch to the next, milliseconds. */
const BATCH_GAP = 100;
/** How long ago the first batch was stored: the logs of a fresh feed have not expired. */
const AGE = 60 * MINUTE;

/** @param count logs, in full batches */
export async function cannedFeed(count: number): Promise<CannedFeed> {
  const { store, head } = recordingStore();
  const partitions = new Map<string, Partition>();
  const startedAt = Date.now() - AGE;
  const logs = [...benchLogs(count)];
  for (let i = 0; i < count; i += BATCH) {
    const { slots } = await store(logs.slice(i, i + BATCH), startedAt + (i / BATCH) * BATCH_GAP);
    for (const item of slots) add(partitions, item);
  }
  return { partitions, head: head() };
}

/** The slots of a shard are stored in the order of their numbers. */
function add(partitions: Map<string, Partition>, item: Item): void {
  const { pk, sk } = item as { pk: string; sk: string };
  const partition = partitions.get(pk) ?? { sortKeys: [], items: [], bytes: [] };
  partitions.set(pk, partition);
  partition.sortKeys.push(sk);
  partition.items.push(Buffer.from(itemJson(item)));
  partition.bytes.push(itemBytes(item));
}
