import * as z from 'zod/mini';
import { acceptedVersion, formatChecked, parseChecked } from '../checked-text.ts';
import { compareSortKeys, isKnownPartition, type KeyRange, type LogKey } from '../store/log-key.ts';
import { KEY_VERSION } from '../store/shards.ts';

/**
 * A place among the logs, in the order of an answer (docs/contract.md#deliveries): every log up to and with this key. There
 * need not be a log with it.
 */
export type DeliveryPosition = LogKey;

const VERSION = 1;
const text = z.string().check(z.minLength(1));
const partition = text.check(z.refine(isKnownPartition));
const positionSchema = z.tuple([z.literal(VERSION), partition, text]);

/** The cursor for a place: opaque to callers. */
export const formatPosition = ({ partitionKey, sortKey }: DeliveryPosition): string =>
  formatChecked([VERSION, partitionKey, sortKey]);

/** What an error says of a cursor that cannot be used. */
export function acceptedPosition(cursor: string): string {
  const accepted = 'the next_cursor of an earlier answer, as it was';
  const partitionKey = z.tuple([z.literal(VERSION), text, text]).safeParse(parseChecked(cursor)).data?.[1];
  if (partitionKey === undefined || isKnownPartition(partitionKey))
    return acceptedVersion(accepted, VERSION, cursor);
  const given = partitionKey.split('#')[0];
  return `${accepted}, with keys of version ${KEY_VERSION}; this one has keys of version ${given}`;
}

/** @returns undefined if `cursor` is not a whole one as `formatPosition` gives it, of a key that this release reads */
export function parsePosition(cursor: string): DeliveryPosition | undefined {
  const result = positionSchema.safeParse(parseChecked(cursor));
  return result.success ? { partitionKey: result.data[1], sortKey: result.data[2] } : undefined;
}

/** Compares by time, then by id, then by partition: those of the Builder come first. */
export function comparePositions(a: LogKey, b: LogKey): number {
  const bySortKey = compareSortKeys(a.sortKey, b.sortKey);
  if (bySortKey !== 0 || a.partitionKey === b.partitionKey) return bySortKey;
  return a.partitionKey < b.partitionKey ? -1 : 1;
}

/** The part of a range that comes after a place; undefined if nothing does. */
export function rangeAfter(range: KeyRange, position: DeliveryPosition | undefined): KeyRange | undefined {
  if (position === undefined) return range;
  const wasGiven = range.partitionKey <= position.partitionKey;
  // No text lies between a text and the same with the least character after it.
  const next = wasGiven ? `${position.sortKey}\0` : position.sortKey;
  const from = compareSortKeys(next, range.from) > 0 ? next : range.from;
  return compareSortKeys(from, range.until) < 0 ? { ...range, from } : undefined;
}
