import { type FileHandle, open } from 'node:fs/promises';
import { jsonLines } from './json-lines.ts';

/** Adds JSON lines to a file. */
export interface LineAppender {
  /**
   * Returns when the operating system has the lines: they survive the end of this process, however it ends. Lines
   * that come while others are being written are written together.
   *
   * @throws Error of the operating system, such as no space. None of the lines is in the file then.
   */
  append(lines: readonly unknown[]): Promise<void>;
  /** Bytes. */
  size(): number;
  /** Empties the file, unless lines are waiting to be written. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What is needed of an open file. */
export type AppendedFile = Pick<FileHandle, 'appendFile' | 'truncate' | 'stat' | 'close'>;

/** How a file is opened for appending. */
export type OpenForAppending = (file: string) => Promise<AppendedFile>;

/** @param openFile by default the file system's own; a test can let it fail */
export async function openLineAppender(
  file: string,
  openFile: OpenForAppending = (name) => open(name, 'a'),
): Promise<LineAppender> {
  const handle = await openFile(file);
  /** The size of the complete lines, bytes, and whether a half line may follow them. */
  let whole = (await handle.stat()).size;
  let clean = true;
  let pending = '';
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  const truncate = async (size: number): Promise<void> => {
    await handle.truncate(size);
    whole = size;
    clean = true;
  };
  const write = async (): Promise<void> => {
    const text = pending;
    pending = '';
    next = undefined;
    if (!clean) await truncate(whole);
    try {
      await handle.appendFile(text);
      whole += Buffer.byteLength(text);
    } catch (error) {
      clean = false;
      // Truncates now, so that a crash leaves no refused line. If this fails, the next write tries again.
      await truncate(whole).catch(() => {});
      throw error;
    }
  };
  /** One after the other, also after an error. */
  const after = (step: () => Promise<void>): Promise<void> => {
    const done = last.then(step);
    last = done.catch(() => {});
    return done;
  };

  return {
    append(lines) {
      if (lines.length === 0) return Promise.resolve();
      pending += jsonLines(lines);
      next ??= after(write);
      return next;
    },
    size: () => whole,
    clear: () => after(async () => (pending === '' ? truncate(0) : undefined)),
    async close() {
      await last;
      await handle.close();
    },
  };
}
