import * as z from 'zod/mini';

/** What S3 knows of an object beside its content. */
export const objectInfoSchema = z.object({
  key: z.string(),
  /** Epoch milliseconds. */
  modifiedAt: z.number(),
  /** MD5 of the content, in hexadecimal digits. */
  md5: z.string(),
  /** Bytes. */
  size: z.number(),
  /** Headers that come back as they were sent: content type, checksum, metadata. */
  headers: z.record(z.string(), z.string()),
});
export type ObjectInfo = Readonly<z.infer<typeof objectInfoSchema>>;

/** The objects of every bucket. */
export interface ObjectStore {
  /**
   * Returns when the object is kept.
   *
   * @param onlyIfNew does not overwrite an object
   * @returns whether it was written
   */
  put(bucket: string, info: ObjectInfo, content: Buffer, onlyIfNew: boolean): Promise<boolean>;
  info(bucket: string, key: string): ObjectInfo | undefined;
  content(bucket: string, key: string): Promise<Buffer>;
  /** All of a bucket, ordered by the UTF-8 bytes of their keys. */
  list(bucket: string): ObjectInfo[];
}

/** Where the contents are. */
export interface ContentStore {
  write(bucket: string, info: ObjectInfo, content: Buffer): Promise<void>;
  read(bucket: string, key: string): Promise<Buffer>;
}

/** @param kept objects in the content store from an earlier run */
export function objectStore(
  contents: ContentStore,
  kept: Iterable<readonly [bucket: string, info: ObjectInfo]>,
): ObjectStore {
  const buckets = new Map<string, Map<string, ObjectInfo>>();
  const note = (name: string, info: ObjectInfo): void => {
    const bucket = buckets.get(name);
    if (bucket === undefined) buckets.set(name, new Map([[info.key, info]]));
    else bucket.set(info.key, info);
  };
  for (const [bucket, info] of kept) note(bucket, info);

  /** One write after the other: of two that must be new, the second finds the first. */
  let writing: Promise<unknown> = Promise.resolve();
  return {
    put(bucket, info, content, onlyIfNew) {
      const written = writing.then(async () => {
        if (onlyIfNew && buckets.get(bucket)?.has(info.key)) return false;
        await contents.write(bucket, info, content);
        note(bucket, info);
        return true;
      });
      writing = written.catch(() => {});
      return written;
    },
    info: (bucket, key) => buckets.get(bucket)?.get(key),
    content: (bucket, key) => contents.read(bucket, key),
    list: (bucket) => [...(buckets.get(bucket)?.values() ?? [])].sort((a, b) => byBytes(a.key, b.key)),
  };
}

export const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** Contents in memory. */
export function contentsInMemory(): ContentStore {
  const contents = new Map<string, Buffer>();
  return {
    async write(bucket, { key }, content) {
      contents.set(`${bucket}/${key}`, content);
    },
    read: async (bucket, key) => contents.get(`${bucket}/${key}`) ?? Buffer.alloc(0),
  };
}
