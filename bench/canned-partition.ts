import { READ_UNIT } from '../shared/store/item-size.ts';

/** A partition of a canned table, and its answers to range queries. */

export interface Partition {
  readonly sortKeys: string[];
  readonly items: Buffer[];
  readonly bytes: number[];
}

export interface CannedRange {
  readonly partitionKey: string;
  readonly from: string;
  readonly until: string;
  /** The sort key to go on after. */
  readonly after?: string | undefined;
  /** How many items to read at most. */
  readonly limit?: number | undefined;
  readonly isConsistent?: boolean | undefined;
  /** Whether the answer tells the read units it took. */
  readonly tellUnits?: boolean;
}

const PAGE_BYTES = 1024 * 1024;

/** Logs come in order of time, but those of one millisecond in any order of their ids. */
export function inOrder({ sortKeys, items, bytes }: Partition): void {
  for (let i = 1; i < sortKeys.length; i++) {
    for (let j = i; j > 0 && (sortKeys[j] as string) < (sortKeys[j - 1] as string); j--) {
      for (const list of [sortKeys, items, bytes] as unknown[][]) {
        [list[j], list[j - 1]] = [list[j - 1], list[j]];
      }
    }
  }
}

const COMMA = Buffer.from(',');

/** The body of one `Query`: whole items until a megabyte is full, as DynamoDB counts it, or as many as the limit allows. */
export function page(partition: Partition | undefined, range: CannedRange): Buffer[] {
  const { partitionKey, from, until, after, limit = Number.POSITIVE_INFINITY, tellUnits = false } = range;
  const { sortKeys = [], items = [], bytes = [] } = partition ?? {};
  const parts: Buffer[] = [];
  let position = firstFrom(sortKeys, from);
  if (after !== undefined) {
    position = Math.max(position, firstFrom(sortKeys, after));
    if (sortKeys[position] === after) position += 1;
  }
  let found = 0;
  let size = 0;
  for (; size < PAGE_BYTES && found < limit && (sortKeys[position] ?? '\uffff') <= until; position++) {
    if (found > 0) parts.push(COMMA);
    parts.push(items[position] as Buffer);
    found += 1;
    size += bytes[position] ?? 0;
  }
  const last = { pk: { S: partitionKey }, sk: { S: sortKeys[position - 1] ?? '' } };
  const isCut = size >= PAGE_BYTES || found === limit;
  const lastKey = isCut ? `,"LastEvaluatedKey":${JSON.stringify(last)}` : '';
  const consumed = tellUnits ? `,${consumedCapacity(size, range.isConsistent)}` : '';
  const head = `{"Count":${found},"ScannedCount":${found}${lastKey}${consumed},"Items":[`;
  return [Buffer.from(head), ...parts, Buffer.from(']}')];
}

/**
 * The field of an answer. Each request is rounded up, and one that finds nothing takes a unit as well; a read that is not
 * strongly consistent takes half.
 */
export const consumedCapacity = (bytes: number, isConsistent = true): string =>
  `"ConsumedCapacity":{"CapacityUnits":${Math.max(1, Math.ceil(bytes / READ_UNIT)) / (isConsistent ? 1 : 2)}}`;

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
