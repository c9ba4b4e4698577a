import { type Database, openDatabase } from '../files/database.ts';
import type { Message } from './message.ts';

/** Keeps a queue's messages in a file. Receive counts are not kept: after a restart they begin at zero. */
export type Journal = Awaited<ReturnType<typeof openJournal>>['journal'];

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS messages (position INTEGER PRIMARY KEY, id TEXT UNIQUE, message TEXT)';

/**
 * Opens a journal, and creates it if there is none.
 *
 * @param open by default opens the file; a test can let it fail
 * @returns it, and the messages it has, in the order of sending
 * @throws Error naming the file, if it is damaged
 */
export async function openJournal(
  file: string,
  open: (file: string, schema: string) => Database = openDatabase,
) {
  const database = open(file, SCHEMA);
  const rows = database.prepare('SELECT message FROM messages ORDER BY position').all();
  const insert = database.prepare('INSERT INTO messages (id, message) VALUES (?, ?)');
  const remove = database.prepare('DELETE FROM messages WHERE id = ?');
  /** Ids whose deletion could not be noted. */
  let owed: readonly string[] = [];

  const write = <T>(items: readonly T[], step: (item: T) => void): void => {
    database.exec('BEGIN');
    try {
      items.forEach(step);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  const noteDeleted = (ids: readonly string[]): void => {
    owed = [...owed, ...ids];
    try {
      write(owed, (id) => remove.run(id));
      owed = [];
    } catch {}
  };
  return {
    kept: rows.map(({ message }): Message => JSON.parse(String(message))),
    journal: {
      /**
       * Returns when the operating system has the messages: they survive the end of this process, however it ends.
       *
       * @throws Error of the database, such as no space: none of the messages is kept
       */
      async sent(messages: readonly Message[]): Promise<void> {
        write(messages, (message) => insert.run(message.id, JSON.stringify(message)));
      },
      /** A deletion that cannot be written is written with the next one; until then a restart brings the message back. */
      async deleted(ids: readonly string[]): Promise<void> {
        noteDeleted(ids);
      },
      async close(): Promise<void> {
        noteDeleted([]);
        database.close();
      },
    },
  };
}
