import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

type Level = { readonly Level: new (folder: string) => { open(): Promise<void>; close(): Promise<void> } };

const require = createRequire(import.meta.url);

/** The file in which LevelDB notes what it does when it is opened. */
const DIARY = 'LOG';
const DROPPED = /^.*: dropping (\d+) bytes; Corruption: .*$/gm;

/**
 * Opens a database and closes it again, because dynalite does not say why it cannot open one. Where LevelDB finds its
 * own log damaged, it drops what is behind the damage, and only its diary says so: `paranoid_checks`, which would
 * refuse to open, cannot be set through dynalite and classic-level.
 *
 * @returns how much was dropped, bytes
 * @throws Error with LevelDB's reason and its code, such as `LEVEL_LOCKED`
 */
export async function tryToOpen(folder: string): Promise<number> {
  const { Level }: Level = createRequire(require.resolve('dynalite'))('level');
  const database = new Level(folder);
  try {
    await database.open();
  } catch (error) {
    const { code, message } = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new Error(`${code}: ${message}`, { cause: error });
  }
  const diary = await readFile(join(folder, DIARY), 'utf8').catch(() => '');
  await database.close();
  return [...diary.matchAll(DROPPED)].reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}
