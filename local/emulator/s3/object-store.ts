import { openDatabase } from '../files/database.ts';

export interface ObjectInfo {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** MD5 of the content, in hexadecimal digits. */
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
}

export interface StoredObject extends ObjectInfo {
  /** Headers that come back as they were sent: content type, checksum, metadata. */
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array;
}

const SCHEMA = `CREATE TABLE IF NOT EXISTS objects (bucket TEXT, key TEXT, modifiedAt INTEGER, md5 TEXT,
  size INTEGER, headers TEXT, content BLOB, PRIMARY KEY (bucket, key))`;
const INFO = 'key, modifiedAt, md5, size';

export type ObjectStore = ReturnType<typeof objectStore>;

/**
 * The objects of every bucket.
 *
 * @param file keeps the objects beyond this process; without it, they are in memory
 */
export function objectStore(file?: string) {
  const database = openDatabase(file, SCHEMA);
  const insert = (or: string) =>
    database.prepare(`INSERT OR ${or} INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)`);
  const [replace, add] = [insert('REPLACE'), insert('IGNORE')];
  const select = database.prepare('SELECT * FROM objects WHERE bucket = ? AND key = ?');
  const page = database.prepare(
    `SELECT ${INFO} FROM objects WHERE bucket = ? AND key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ?`,
  );
  return {
    /** @returns whether it was written: with `onlyIfNew`, an object is not overwritten */
    put(bucket: string, object: StoredObject, onlyIfNew: boolean): boolean {
      const { key, modifiedAt, md5, size, headers, content } = object;
      const statement = onlyIfNew ? add : replace;
      return (
        statement.run(bucket, key, modifiedAt, md5, size, JSON.stringify(headers), content).changes === 1
      );
    },
    get(bucket: string, key: string): StoredObject | undefined {
      const row = select.get(bucket, key);
      return row && ({ ...row, headers: JSON.parse(String(row['headers'])) } as unknown as StoredObject);
    },
    /** Objects whose key begins with the prefix and is behind `after`, ordered by the bytes of their keys. */
    list: (bucket: string, prefix: string, after: string, limit: number) =>
      page.all(bucket, after, prefix, prefix, limit) as unknown as ObjectInfo[],
    close: () => database.close(),
  };
}
