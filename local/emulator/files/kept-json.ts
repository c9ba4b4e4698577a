import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { readJsonFile } from './read-json-file.ts';

/** What a service keeps between two runs, as JSON in one file. */

/**
 * @param none what there is if there is no such file
 * @throws what `readJsonFile` throws for another reason
 */
export const readKept = <T>(file: string, check: (value: unknown) => T, none: T): Promise<T> =>
  readJsonFile(file, check).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return none;
    throw error;
  });

/** Replaces the file whole, or not at all. Only the user of this process may read it. */
export function keep(file: string, value: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
