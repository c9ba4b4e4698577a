/** What S3 keeps of an object beside its content. */
export interface ObjectInfo {
  readonly key: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** MD5 of the content, in hexadecimal digits. */
  readonly md5: string;
  /** Bytes. */
  readonly size: number;
  /** Headers that come back as they were sent: content type, checksum, metadata. */
  readonly headers: Readonly<Record<string, string>>;
}

/** The objects of every bucket. A bucket exists as soon as it is spoken of. */
export interface ObjectStore {
  /**
   * Returns when the object is kept.
   *
   * @param onlyIfNew leaves an object that is there as it is
   * @returns whether it was written
   */
  put(bucket: string, info: ObjectInfo, content: Buffer, onlyIfNew: boolean): Promise<boolean>;
  info(bucket: string, key: string): ObjectInfo | undefined;
  content(bucket: string, key: string): Promise<Buffer>;
  /** All of a bucket, in the order of the UTF-8 bytes of their keys. */
  list(bucket: string): ObjectInfo[];
}

/** Where the contents are. */
export interface ContentStore {
  write(bucket: string, info: ObjectInfo, content: Buffer): Promise<void>;
  read(bucket: string, key: string): Promise<Buffer>;
}

/** @param kept what the content store holds from an earlier run */
export function objectStore(
  contents: ContentStore,
  kept: Iterable<readonly [bucket: string, info: ObjectInfo]> = [],
): ObjectStore {
  const buckets = new Map<string, Map<string, ObjectInfo>>();
  const inBucket = (name: string): Map<string, ObjectInfo> => {
    const bucket = buckets.get(name) ?? new Map<string, ObjectInfo>();
    buckets.set(name, bucket);
    return bucket;
  };
  for (const [bucket, info] of kept) inBucket(bucket).set(info.key, info);

  /** One after the other, so that of two that must be new one finds the other. */
  let writing: Promise<unknown> = Promise.resolve();
  return {
    put(bucket, info, content, onlyIfNew) {
      const written = writing.then(async () => {
        const objects = inBucket(bucket);
        if (onlyIfNew && objects.has(info.key)) return false;
        await contents.write(bucket, info, content);
        objects.set(info.key, info);
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
