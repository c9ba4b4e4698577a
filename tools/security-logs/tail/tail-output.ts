import { type FileHandle, open } from 'node:fs/promises';
import type { Terminal } from '../terminal.ts';
import { readState, STDOUT_PLACE, saveState } from './tail-state.ts';

/** Keeps logs together with their place in the feed. */
export interface TailOutput {
  /** The place that was kept last; empty at the beginning. */
  readonly cursor: string;
  /** Returns once the logs and then the cursor are safe. */
  keep(lines: Buffer, cursor: string): Promise<void>;
  close(): Promise<void>;
}

interface Places {
  /** A file; undefined is the standard output. */
  readonly output: string | undefined;
  readonly state: string | undefined;
}

/** @throws Error if the state does not belong to the output, or one of the files cannot be used */
export const openTailOutput = ({ output, state }: Places, terminal: Terminal): Promise<TailOutput> =>
  output !== undefined && state !== undefined ? openFileOutput(output, state) : openStdout(state, terminal);

/** At least once: the cursor is saved after the logs were handed to whoever reads them. */
async function openStdout(state: string | undefined, terminal: Terminal): Promise<TailOutput> {
  const saved = state === undefined ? undefined : await readState(state);
  if (saved !== undefined && saved.place !== STDOUT_PLACE)
    throw new Error(`${state} is the state of a file, not of the standard output`);
  return {
    cursor: saved?.cursor ?? '',
    async keep(lines, cursor) {
      if (lines.length > 0) await terminal.write(lines);
      if (state !== undefined) await saveState(state, { place: STDOUT_PLACE, cursor });
    },
    close: async () => {},
  };
}

/** Exactly once: what was written after the last state is cut off, because the feed gives it again. */
async function openFileOutput(path: string, state: string): Promise<TailOutput> {
  const saved = await readState(state);
  const file = await open(path, 'a');
  try {
    const length = await lengthToKeep(file, path, state, saved?.place);
    if (saved === undefined) await saveState(state, { place: '0', cursor: '' });
    await file.truncate(length);
    return fileOutput(file, length, state, saved?.cursor ?? '');
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function lengthToKeep(file: FileHandle, path: string, state: string, place: string | undefined) {
  const { size } = await file.stat();
  if (place === undefined && size > 0)
    throw new Error(`${path} is not empty, and ${state} that would say what is in it does not exist`);
  if (place === STDOUT_PLACE) throw new Error(`${state} is the state of the standard output, not of ${path}`);
  const length = Number(place ?? 0);
  if (length > size)
    throw new Error(`${path} has ${size} bytes, fewer than the ${length} that ${state} says`);
  return length;
}

function fileOutput(file: FileHandle, from: number, state: string, cursor: string): TailOutput {
  let length = from;
  return {
    cursor,
    async keep(lines, next) {
      await file.appendFile(lines);
      await file.datasync();
      length += lines.length;
      await saveState(state, { place: String(length), cursor: next });
    },
    close: () => file.close(),
  };
}
