import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Database = Pick<DatabaseSync, 'exec' | 'prepare' | 'close'>;

/**
 * Opens a database, and creates it if there is none. What is committed survives the end of this process, however it
 * ends, but not a crash of the machine.
 *
 * @param file without it, the database is in memory
 * @param schema SQL that creates what is not there yet
 * @throws Error naming the file, if it cannot be opened or is damaged
 */
export function openDatabase(file: string | undefined, schema: string): Database {
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file ?? ':memory:');
  try {
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; ${schema}`);
    return database;
  } catch (cause) {
    database.close();
    throw new Error(`${file}: ${(cause as Error).message}`, { cause });
  }
}
