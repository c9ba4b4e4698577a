/** A log of the store. */
export interface StoredLog {
  readonly sortKey: string;
  /** The encoded document (shared/log/document-codec.ts). */
  readonly document: Buffer;
  /** When it was stored, epoch milliseconds. It is only read where it is asked for. */
  readonly createdAt?: number | undefined;
}

/** Logs in the order in which they were added. */
export interface LogList extends Iterable<StoredLog> {
  add(log: StoredLog): void;
  /** The logs from the last to the first. */
  reversed(): Iterable<StoredLog>;
}

const SLAB_BYTES = 64 * 1024;

/** Before each log come the lengths of its key (two bytes) and of its document (three bytes), in bytes. */
const HEADER_BYTES = 5;

/** The bit of a key's length that says that six bytes with the time of storing stand before the key. */
const HAS_CREATED_AT = 0x8000;
const CREATED_AT_BYTES = 6;

interface Slab {
  readonly bytes: Buffer;
  used: number;
}

/**
 * Makes a list that keeps its logs as bytes in large slabs. A million logs take little more memory than their keys and
 * documents; as objects, each would take 300 bytes more. A log becomes an object only when it is read.
 */
export function logList(): LogList {
  const slabs: Slab[] = [];

  const slabFor = (length: number): Slab => {
    const last = slabs.at(-1);
    if (last && last.used + length <= last.bytes.length) return last;
    const slab = { bytes: Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, length)), used: 0 };
    slabs.push(slab);
    return slab;
  };

  return {
    add({ sortKey, document, createdAt }) {
      const keyLength = Buffer.byteLength(sortKey);
      const hasTime = createdAt !== undefined;
      const slab = slabFor(HEADER_BYTES + (hasTime ? CREATED_AT_BYTES : 0) + keyLength + document.length);
      const { bytes } = slab;
      slab.used = bytes.writeUInt16BE(hasTime ? keyLength | HAS_CREATED_AT : keyLength, slab.used);
      slab.used = bytes.writeUIntBE(document.length, slab.used, 3);
      if (hasTime) slab.used = bytes.writeUIntBE(createdAt, slab.used, CREATED_AT_BYTES);
      slab.used += bytes.write(sortKey, slab.used);
      slab.used += document.copy(bytes, slab.used);
    },

    *[Symbol.iterator]() {
      for (const slab of slabs) for (const place of placesIn(slab)) yield logAt(slab, place);
    },

    *reversed() {
      for (const slab of slabs.toReversed()) {
        for (const place of [...placesIn(slab)].reverse()) yield logAt(slab, place);
      }
    },
  };
}

/** Where the parts of a log begin in its slab, and where it ends. */
interface Place {
  readonly time: number;
  readonly key: number;
  readonly document: number;
  readonly end: number;
}

function* placesIn({ bytes, used }: Slab): Generator<Place> {
  for (let at = 0; at < used; ) {
    const length = bytes.readUInt16BE(at);
    const time = at + HEADER_BYTES;
    const key = length < HAS_CREATED_AT ? time : time + CREATED_AT_BYTES;
    const document = key + (length & ~HAS_CREATED_AT);
    const end = document + bytes.readUIntBE(at + 2, 3);
    yield { time, key, document, end };
    at = end;
  }
}

function logAt({ bytes }: Slab, { time, key, document, end }: Place): StoredLog {
  const log = { sortKey: bytes.toString('utf8', key, document), document: bytes.subarray(document, end) };
  return key === time ? log : { ...log, createdAt: bytes.readUIntBE(time, CREATED_AT_BYTES) };
}
