import * as z from 'zod/mini';
import { type Cursor, formatCursor, type Place, parseCursor } from '../feed/cursor.ts';
import { deliveredFormatSchema, deliveredOcsfVersionSchema } from '../settings/delivered-format.ts';
import { ocsfUserSchema } from '../settings/ocsf-user.ts';
import { COMPRESSIONS } from './compressions.ts';

/** A place or a cursor as text (cursor.ts). */
const cursorSchema = z.pipe(
  z.string(),
  z.transform((text, { issues }): Cursor => {
    const cursor = parseCursor(text);
    if (cursor !== undefined) return cursor;
    issues.push({ code: 'custom', message: 'not a cursor', input: text });
    return z.NEVER;
  }),
);
const instant = z.number().check(z.int(), z.nonnegative());

/** What decides the bytes of an object beside its logs. A batch keeps it, so that a retry after a deployment writes the same. */
const batchFormSchema = z.object({
  format: deliveredFormatSchema,
  ocsfVersion: deliveredOcsfVersionSchema,
  ocsfUser: ocsfUserSchema,
  compression: z.enum(COMPRESSIONS),
});
export type BatchForm = z.infer<typeof batchFormSchema>;

const batchSchema = z.object({
  /** The range of the feed (shared/feed/read-range.ts): what a retry reads. */
  from: cursorSchema,
  to: cursorSchema,
  chosenAt: instant,
  storedAfter: instant,
  /** The key of the object without the prefix of the settings. */
  name: z.string(),
  form: batchFormSchema,
  /** How many logs the range had when it was chosen. */
  logs: instant,
  /** When the oldest of them was stored, epoch milliseconds. */
  oldestAt: instant,
  /** Since when logs may be missing before or in the range, epoch milliseconds. */
  gapSince: z.optional(instant),
});

/** Logs that go into one object: a range of the feed. It is recorded before the object is written, and does not change. */
export interface Batch extends Omit<z.infer<typeof batchSchema>, 'from'> {
  readonly from: Place;
}

const stateSchema = z.object({
  /** Undefined before the first batch. */
  cursor: z.optional(cursorSchema),
  batch: z.optional(batchSchema),
});

/** How far the archive is: every log before the cursor is in an object. */
export interface ArchiveState {
  readonly cursor?: Cursor | undefined;
  /** The batch in work. It begins at the cursor. */
  readonly batch?: Batch | undefined;
}

/** @returns JSON, as the store keeps it */
export const stateText = ({ cursor, batch }: ArchiveState): string =>
  JSON.stringify({
    ...(cursor && { cursor: formatCursor(cursor) }),
    ...(batch && { batch: { ...batch, from: placeText(batch.from), to: formatCursor(batch.to) } }),
  });

/** A place has no time. With the first instant nobody takes it for a cursor of which nothing has expired. */
export const placeText = (place: Place): string => formatCursor({ ...place, t: 0 });

/** @throws Error if the text is not the state of an archive */
export const parseState = (text: string): ArchiveState => stateSchema.parse(JSON.parse(text));
