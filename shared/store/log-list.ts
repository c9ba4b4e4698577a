/** A log of the store. */
export interface StoredLog {
  readonly sortKey: string;
  /** The encoded document (shared/log/document-codec.ts). */
  readonly document: Buffer;
}

/** Logs in the order in which they were added. */
export interface LogList extends Iterable<StoredLog> {
  add(log: StoredLog): void;
}

const SLAB_BYTES = 64 * 1024;

/** Before each log come the lengths of its key (two bytes) and of its document (three bytes), in bytes. */
const HEADER_BYTES = 5;

/**
 * Makes a list that keeps its logs as bytes in large slabs. A million logs take little more memory than their keys and
 * documents; as objects, each would take 300 bytes more. A log becomes an object only when it is read.
 */
export function logList(): LogList {
  const slabs: Array<{ bytes: Buffer; used: number }> = [];

  const slabFor = (length: number): { bytes: Buffer; used: number } => {
    const last = slabs.at(-1);
    if (last && last.used + length <= last.bytes.length) return last;
    const slab = { bytes: Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length)), used: 0 };
    slabs.push(slab);
    return slab;
  };

  return {
    add({ sortKey, document }) {
      const keyLength = Buffer.byteLength(sortKey);
      const slab = slabFor(HEADER_BYTES + keyLength + document.length);
      const { bytes } = slab;
      slab.used = bytes.writeUInt16BE(keyLength, slab.used);
      slab.used = bytes.writeUIntBE(document.length, slab.used, 3);
      slab.used += bytes.write(sortKey, slab.used);
      slab.used += document.copy(bytes, slab.used);
    },

    *[Symbol.iterator]() {
      for (const { bytes, used } of slabs) {
        for (let at = 0; at < used; ) {
          const key = at + HEADER_BYTES;
          const document = key + bytes.readUInt16BE(at);
          const end = document + bytes.readUIntBE(at + 2, 3);
          yield { sortKey: bytes.toString('utf8', key, document), document: bytes.subarray(document, end) };
          at = end;
        }
      }
    },
  };
}
