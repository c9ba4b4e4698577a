import { type Item, itemBytes } from '../shared/store/item-size.ts';
import { logKey, sortKeyId, sortKeyTimestamp } from '../shared/store/log-key.ts';
import { cannedFeed } from './canned-feed.ts';
import { type CannedRange, inOrder, type Partition, page } from './canned-partition.ts';
import { benchLogs, DATA_START } from './data.ts';
import { itemJson } from './dynamodb-item.ts';
import { mapItem, serviceItem } from './stored-items.ts';

/** A table whose answers to range queries are written beforehand, so that asking it costs next to nothing. */

export interface CannedTableOptions {
  /** `service`: as this service keeps logs; `map`: a map per log. */
  readonly shape: 'service' | 'map';
  readonly count: number;
  /** How many documents differ; beyond them, they come again under later keys. */
  readonly distinct: number;
  /** The time from each log to the next, milliseconds; as the logs come, if absent. */
  readonly gap?: number;
  /** How many logs the feed has, in batches of 100. They are none of the others. */
  readonly feedLogs?: number;
}

export interface CannedTable {
  /** The body of one `Query`. */
  page(range: CannedRange): Buffer[];
  /** The head of the feed, undefined if it has no logs. */
  readonly feedHead: Item | undefined;
}

const SHAPES = {
  service: { item: serviceItem, attributes: ['sk', 'doc'] },
  map: { item: mapItem, attributes: undefined },
} as const;

export async function cannedTable(options: CannedTableOptions): Promise<CannedTable> {
  const { shape, count, distinct, gap, feedLogs = 0 } = options;
  const { item: toItem, attributes } = SHAPES[shape];
  const kept: KeptItem[] = [];
  for (const log of benchLogs(Math.min(count, distinct))) kept.push(keep(await toItem(log), attributes));
  const span = timeOf(kept.at(-1)) - timeOf(kept[0]) + 1;

  const partitions = new Map<string, Partition>();
  for (let i = 0; i < count; i++) {
    const first = kept[i % kept.length] as KeptItem;
    const time =
      gap === undefined
        ? timeOf(first) + Math.floor(i / kept.length) * span
        : DATA_START + Math.floor(i * gap);
    const { partitionKey, sortKey, json, bytes } = time === timeOf(first) ? first : movedTo(first, time);
    const partition = partitions.get(partitionKey) ?? { sortKeys: [], items: [], bytes: [] };
    partitions.set(partitionKey, partition);
    partition.sortKeys.push(sortKey);
    partition.items.push(json);
    partition.bytes.push(bytes);
  }
  for (const partition of partitions.values()) inOrder(partition);
  const feed = feedLogs === 0 ? undefined : await cannedFeed(feedLogs);
  for (const [partitionKey, partition] of feed?.partitions ?? []) partitions.set(partitionKey, partition);
  return { page: (range) => page(partitions.get(range.partitionKey), range), feedHead: feed?.head };
}

interface KeptItem {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly json: Buffer;
  readonly bytes: number;
}

function keep(item: Item, attributes: readonly string[] | undefined): KeptItem {
  const { pk, sk } = item as { pk: string; sk: string };
  return {
    partitionKey: pk,
    sortKey: sk,
    json: Buffer.from(itemJson(item, attributes)),
    bytes: itemBytes(item),
  };
}

const timeOf = (item: KeptItem | undefined): number => sortKeyTimestamp(item?.sortKey ?? '');

/** The same item under the key of another time, epoch milliseconds. */
function movedTo({ sortKey, json, ...item }: KeptItem, time: number): KeptItem {
  const { sortKey: moved } = logKey('player', time, sortKeyId(sortKey));
  const copy = Buffer.from(json);
  copy.write(moved, copy.indexOf(sortKey));
  return { ...item, sortKey: moved, json: copy };
}
