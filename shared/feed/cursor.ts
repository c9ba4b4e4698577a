import * as z from 'zod/mini';
import { acceptedVersion, formatChecked, parseChecked } from '../checked-text.ts';
import { LAST_INSTANT } from '../time.ts';

/**
 * A place in the feed (docs/feed.md#the-cursor). As text it is base64url of a CRC-32 and a JSON array: opaque to callers,
 * safe in a URL, and recognizably damaged where it was cut.
 */
export interface Cursor {
  /** Of the head that the positions belong to; empty if there was no head yet. */
  readonly epoch: string;
  /** Everything beyond the positions was stored at or after this instant, but for clock skew; epoch milliseconds. */
  readonly t: number;
  /** Logs that were stored before it are left out; epoch milliseconds, 0 for none. */
  readonly since: number;
  /** For each shard; a shard without one is at its beginning. */
  readonly positions: ReadonlyMap<number, Position>;
}

/** A cursor without its time: which logs come next, as long as all of them are kept. */
export type Place = Omit<Cursor, 't'>;

/** Everything up to slot `number`, and the first `members` members of the next slot. */
export interface Position {
  readonly number: number;
  readonly members: number;
}

export const BEGINNING: Position = { number: 0, members: 0 };

const VERSION = 1;
const count = z.number().check(z.int(), z.nonnegative());
/** Epoch milliseconds that can be written as a date. */
const instant = count.check(z.maximum(LAST_INSTANT));
const cursorSchema = z.tuple([
  z.literal(VERSION),
  z.string(),
  instant,
  instant,
  z.array(z.tuple([count, count, count])),
]);

/** The JSON Schema of a cursor as text. */
export const CURSOR_SCHEMA = { type: 'string', pattern: '^[A-Za-z0-9_-]*$' } as const;

export function formatCursor({ epoch, t, since, positions }: Cursor): string {
  const shards = [...positions].map(([shard, { number, members }]) => [shard, number, members]);
  return formatChecked([VERSION, epoch, t, since, shards]);
}

/** What an error says of a cursor that cannot be used. */
export const acceptedCursor = (text: string): string =>
  acceptedVersion('the cursor of an earlier answer, as it was', VERSION, text);

/** @returns undefined if `text` is not a whole cursor as `formatCursor` gives it */
export function parseCursor(text: string): Cursor | undefined {
  const result = cursorSchema.safeParse(parseChecked(text));
  if (!result.success) return undefined;
  const [, epoch, t, since, shards] = result.data;
  const positions = new Map(shards.map(([shard, number, members]) => [shard, { number, members }]));
  return { epoch, t, since, positions };
}
