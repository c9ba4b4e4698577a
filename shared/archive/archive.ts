import type { Cursor } from '../feed/cursor.ts';
import type { ReadFeed } from '../feed/read-feed.ts';
import type { ReadRange } from '../feed/read-range.ts';
import { logWriter, otherFormat, type WriteLog } from '../log/formats/log-format.ts';
import { MINUTE } from '../time.ts';
import type { ArchiveState, Batch, BatchForm } from './batch.ts';
import { batchName } from './batch-name.ts';
import { type BatchBounds, type Choice, chooseBatch } from './choose-batch.ts';
import type { CompressLines } from './compress-lines.ts';

/**
 * Puts every log of the feed into exactly one object (docs/custom-services.md#files-with-many-logs). The step numbers are those of that
 * page. Any number of runs may be under way at once, and each may end at any await.
 */

export interface ArchiveStates {
  /** Strongly consistent. @returns the revision 0 with an empty state before the first write */
  read(signal: AbortSignal): Promise<VersionedState>;
  /**
   * Replaces the state of a revision by the next one.
   *
   * @returns whether it did: false if the state has another revision
   */
  replace(revision: number, state: ArchiveState, signal: AbortSignal): Promise<boolean>;
}

export interface VersionedState extends ArchiveState {
  readonly revision: number;
}

/** An object of the archive, as it is written. */
export interface BatchObject {
  readonly batch: Batch;
  readonly content: Buffer;
  /** Logs of the batch that have expired before the object could be written. */
  readonly missing: number;
}

export interface BatchStore {
  /** Writes an object, unless its name is taken: it then has what this object would have. */
  put(object: BatchObject, signal: AbortSignal): Promise<void>;
}

export interface ArchiveReport {
  /** How long ago the oldest log was stored that is in no object yet, milliseconds; 0 if there is none. In each round. */
  age(ms: number): void;
  /** An object is there. Of one object, it may be told more than once. */
  written(object: BatchObject): void;
}

export interface ArchiveOptions {
  readonly states: ArchiveStates;
  readonly readFeed: ReadFeed;
  readonly readRange: ReadRange;
  readonly compress: CompressLines;
  readonly objects: BatchStore;
  /** Of new batches. */
  readonly form: BatchForm;
  readonly bounds: BatchBounds;
  /** How long a log can be read after it was stored, hours. */
  readonly retentionHours: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly report: ArchiveReport;
}

/**
 * While nothing is written, the cursor is saved so often: a cursor that is older than the lifetime of logs cannot tell what
 * was never there from what has expired.
 */
const SAVE_CURSOR_MS = 15 * MINUTE;

/**
 * @returns a function that archives what is due. It begins no further batch after `until` (epoch milliseconds). It rejects
 *   with whatever failed; the next run goes on where this one ended
 */
export function archiver(options: ArchiveOptions) {
  const { states, now, report } = options;

  return async (until: number, signal: AbortSignal): Promise<void> => {
    for (let isFirst = true; isFirst || now() < until; isFirst = false) {
      // 1. Read the state.
      const state = await states.read(signal);
      if (state.batch === undefined) {
        if ((await begin(state, signal)) === 'nothing is due') return;
      } else await finish(state, state.batch, signal);
    }
  };

  async function begin(
    { revision, cursor }: VersionedState,
    signal: AbortSignal,
  ): Promise<'nothing is due' | undefined> {
    // 2. Choose the end. An archive that is new begins with the oldest log that is kept.
    const start =
      cursor === undefined ? ({ kind: 'oldest' } as const) : ({ kind: 'cursor', cursor } as const);
    const choice = await chooseBatch(options, start, writerOf(options.form), signal);
    report.age(choice.oldestAt === undefined ? 0 : Math.max(0, now() - choice.oldestAt));
    if (choice.isDue) {
      // 3. Record the batch. If another run was faster, this one goes on with that one's batch.
      await states.replace(revision, { cursor, batch: batchOf(choice, options.form) }, signal);
      return undefined;
    }
    // Of what expires after this, a gap is told.
    if (cursor === undefined) await states.replace(revision, { cursor: beginningOf(choice) }, signal);
    else if (choice.logs === 0 && choice.to.t - cursor.t >= SAVE_CURSOR_MS)
      await states.replace(revision, { cursor: choice.to }, signal);
    return 'nothing is due';
  }

  async function finish({ revision }: VersionedState, batch: Batch, signal: AbortSignal): Promise<void> {
    report.age(Math.max(0, now() - batch.oldestAt));
    // 4. Write the object.
    const { content, lines } = await contentOf(batch, signal);
    const object = { batch, content, missing: Math.max(0, batch.logs - lines) };
    await options.objects.put(object, signal);
    report.written(object);
    // 5. Go on behind it.
    await states.replace(revision, { cursor: batch.to }, signal);
  }

  function contentOf(batch: Batch, signal: AbortSignal) {
    const chunks = options.readRange(batch, writerOf(batch.form), signal);
    return options.compress(batch.form.compression, chunks, signal);
  }
}

/** A cursor for the place where a batch begins. */
const beginningOf = ({ from, to, oldestAt = to.t }: Choice): Cursor => ({
  ...from,
  t: Math.min(oldestAt, to.t),
});

const batchOf = ({ isDue: _, ...choice }: Choice, form: BatchForm): Batch => {
  const oldestAt = choice.oldestAt ?? choice.chosenAt;
  const name = batchName({ ...choice, oldestAt, compression: form.compression });
  return { ...choice, oldestAt, name, form };
};

/** @returns undefined for the published format: the archive has it as the feed has it, with `event.id` and `event.created` */
const writerOf = ({ format, ocsfVersion, ocsfUser }: BatchForm): WriteLog | undefined => {
  const other = otherFormat(format, ocsfVersion);
  return other && logWriter(other, ocsfUser);
};
