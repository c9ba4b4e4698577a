import { open, readFile, rename } from 'node:fs/promises';

/** The place of the standard output: it has no length that could be gone back to. */
export const STDOUT_PLACE = 'stdout';

/** Where a tail is: how much of the output was kept, and where in the feed that ends. */
export interface TailState {
  /** The length of the output file in bytes, or `stdout`. */
  readonly place: string;
  readonly cursor: string;
}

/** @returns undefined if there is no such file */
export async function readState(path: string): Promise<TailState | undefined> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const [place = '', cursor = '', ...rest] = text.split('\n');
  const isKnown = place === STDOUT_PLACE || /^\d+$/.test(place);
  if (!isKnown || rest.length !== 1 || rest[0] !== '')
    throw new Error(`${path} is not a state of security-logs tail`);
  return { place, cursor };
}

/** The new state replaces the old one whole, or not at all. */
export async function saveState(path: string, { place, cursor }: TailState): Promise<void> {
  const file = await open(`${path}.new`, 'w');
  try {
    await file.writeFile(`${place}\n${cursor}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
