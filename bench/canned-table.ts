import { logKey, sortKeyId, sortKeyTimestamp } from '../shared/store/log-key.ts';
import { benchLogs, DATA_START, type Item, mapItem, serviceItem } from './data.ts';
import { itemBytes, itemJson, READ_UNIT } from './dynamodb-item.ts';

/** A table whose answers to range queries are written beforehand, so that asking it costs next to nothing. */

export interface CannedTableOptions {
  /** `service`: as this service keeps logs; `map`: a map per log. */
  readonly shape: 'service' | 'map';
  readonly count: number;
  /** How many documents differ; beyond them, they come again under later keys. */
  readonly distinct: number;
  /** The time from each log to the next, milliseconds; as the logs come, if absent. */
  readonly gap?: number;
}

export interface CannedRange {
  readonly partitionKey: string;
  readonly from: string;
  readonly until: string;
  /** The sort key to go on after. */
  readonly after?: string | undefined;
  /** Whether the answer tells the read units it took, strongly consistent. */
  readonly tellUnits?: boolean;
}

export interface CannedTable {
  /** The body of one `Query`: whole items until a megabyte is full, as DynamoDB counts it. */
  page(range: CannedRange): Buffer[];
}

interface Partition {
  readonly sortKeys: string[];
  readonly items: Buffer[];
  readonly bytes: number[];
}

const PAGE_BYTES = 1024 * 1024;
const SHAPES = {
  service: { item: serviceItem, attributes: ['sk', 'doc'] },
  map: { item: mapItem, attributes: undefined },
} as const;

export async function cannedTable({ shape, count, distinct, gap }: CannedTableOptions): Promise<CannedTable> {
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
  return { page: (range) => page(partitions.get(range.partitionKey), range) };
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

/** Logs come in order of time, but those of one millisecond in any order of their ids. */
function inOrder({ sortKeys, items, bytes }: Partition): void {
  for (let i = 1; i < sortKeys.length; i++) {
    for (let j = i; j > 0 && (sortKeys[j] as string) < (sortKeys[j - 1] as string); j--) {
      for (const list of [sortKeys, items, bytes] as unknown[][]) {
        [list[j], list[j - 1]] = [list[j - 1], list[j]];
      }
    }
  }
}

const COMMA = Buffer.from(',');

function page(partition: Partition | undefined, range: CannedRange): Buffer[] {
  const { partitionKey, from, until, after, tellUnits = false } = range;
  const { sortKeys = [], items = [], bytes = [] } = partition ?? {};
  const parts: Buffer[] = [];
  let position = firstFrom(sortKeys, from);
  if (after !== undefined) {
    position = Math.max(position, firstFrom(sortKeys, after));
    if (sortKeys[position] === after) position += 1;
  }
  let found = 0;
  let size = 0;
  for (; size < PAGE_BYTES && (sortKeys[position] ?? '\uffff') <= until; position++) {
    if (found > 0) parts.push(COMMA);
    parts.push(items[position] as Buffer);
    found += 1;
    size += bytes[position] ?? 0;
  }
  const last = { pk: { S: partitionKey }, sk: { S: sortKeys[position - 1] ?? '' } };
  const lastKey = size < PAGE_BYTES ? '' : `,"LastEvaluatedKey":${JSON.stringify(last)}`;
  // Each query is rounded up, and one that finds nothing takes a unit as well.
  const units = Math.max(1, Math.ceil(size / READ_UNIT));
  const consumed = tellUnits ? `,"ConsumedCapacity":{"CapacityUnits":${units}}` : '';
  const head = `{"Count":${found},"ScannedCount":${found}${lastKey}${consumed},"Items":[`;
  return [Buffer.from(head), ...parts, Buffer.from(']}')];
}

/** The position of the first sort key that is not before `key`. */
function firstFrom(sortKeys: readonly string[], key: string): number {
  let low = 0;
  let high = sortKeys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sortKeys[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
