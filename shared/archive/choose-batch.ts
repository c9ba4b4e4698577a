import { APPLICATIONS } from '../event/bus-events.ts';
import type { Start } from '../feed/begin-reading.ts';
import { type Cursor, type Place, parseCursor } from '../feed/cursor.ts';
import type { FeedAnswer, ReadFeed } from '../feed/read-feed.ts';
import type { WriteLog } from '../log/formats/log-format.ts';
import { HOUR, SECOND } from '../time.ts';

export interface BatchBounds {
  /** Of the lines before they are compressed. A batch has about so many bytes at most. */
  readonly maxBytes: number;
  /** A batch is due when its oldest log was stored so long ago, milliseconds. */
  readonly maxAgeMs: number;
}

export interface ChooseOptions {
  readonly readFeed: ReadFeed;
  readonly bounds: BatchBounds;
  /** How long a log can be read after it was stored, hours. */
  readonly retentionHours: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What comes next in the feed, as far as it belongs to one batch. */
export interface Choice {
  readonly from: Place;
  readonly to: Cursor;
  readonly chosenAt: number;
  readonly storedAfter: number;
  readonly logs: number;
  /** When the oldest of the logs was stored, epoch milliseconds; undefined if there are none. */
  readonly oldestAt: number | undefined;
  readonly gapSince: number | undefined;
  /** Whether the batch is to be written now: it is large enough, old enough, or says that logs are missing. */
  readonly isDue: boolean;
}

/** Of one answer of the feed, so that few logs are in memory at once. */
const ANSWER_BYTES = 8_000_000;
const ANSWER_LOGS = 10_000;
const ANSWER_MS = 5 * SECOND;
/** After this long the batch is what was read until then. */
const CHOOSING_MS = 20 * SECOND;
/** A batch is full when less than this part of it is left: another answer would bring a few logs. */
const SPARE = 1 / 64;

/**
 * Chooses the end of the next batch by reading the feed up to it. Nothing of what was read is kept: the batch is read again
 * when it is written, by the same code as in a retry.
 *
 * @param write default: the format of the feed
 */
export async function chooseBatch(
  { readFeed, bounds, retentionHours, now }: ChooseOptions,
  start: Start,
  write: WriteLog | undefined,
  signal: AbortSignal,
): Promise<Choice> {
  const chosenAt = now();
  let room = bounds.maxBytes;
  const read = (from: Start): Promise<FeedAnswer> =>
    readFeed(
      {
        start: from,
        limit: ANSWER_LOGS,
        applications: APPLICATIONS,
        write,
        maxBytes: Math.min(ANSWER_BYTES, room),
        readUntil: now() + ANSWER_MS,
      },
      signal,
    );

  const answers: FeedAnswer[] = [];
  const isFull = (): boolean => room < bounds.maxBytes * SPARE;
  let cursor: Cursor | undefined;
  do {
    const answer = await read(cursor === undefined ? start : { kind: 'cursor', cursor });
    const [first] = answers;
    // The table was restored meanwhile: what comes now is another range.
    if (first && first.from.epoch !== answer.from.epoch) break;
    answers.push(answer);
    cursor = cursorOf(answer);
    room -= answer.bytes + answer.logs.length;
  } while (answers.at(-1)?.hasMore && !isFull() && now() < chosenAt + CHOOSING_MS);

  const [first] = answers as [FeedAnswer];
  const logs = answers.reduce((sum, answer) => sum + answer.logs.length, 0);
  const oldestAt = least(answers.map((answer) => answer.oldestAt));
  const gapSince = least(answers.map((answer) => answer.gapSince));
  const isOld = oldestAt !== undefined && now() >= oldestAt + bounds.maxAgeMs;
  const isCut = logs > 0 && answers.at(-1)?.hasMore === true;
  return {
    from: first.from,
    to: cursor as Cursor,
    chosenAt,
    storedAfter: chosenAt - retentionHours * HOUR,
    logs,
    oldestAt,
    gapSince,
    isDue: isFull() || isCut || isOld || gapSince !== undefined,
  };
}

function cursorOf({ cursor: text }: FeedAnswer): Cursor {
  const cursor = parseCursor(text);
  if (cursor === undefined) throw new Error('the feed gave a cursor that cannot be read');
  return cursor;
}

function least(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
