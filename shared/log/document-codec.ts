import { inflateRawSync } from 'node:zlib';
import dictionary1 from './dictionaries/dictionary-1.ts';
import dictionary2 from './dictionaries/dictionary-2.ts';
import { isPackable, packUuids, UUID_BYTES, unpackUuids } from './uuid-packing.ts';
import { zstdFrames } from './zstd-frames.ts';

/**
 * How a document is kept (docs/architecture.md#one-item-one-write-unit): one byte that says how the rest is made, three bytes with the length of
 * the JSON in bytes (big-endian), and the rest. The length is there so that the size of an answer is known exactly
 * before anything is decoded.
 *
 * A way, once published, stays for as long as a stored document may name it: nothing else can read that document. A
 * better one gets the next number. What reads it is released before what writes it (docs/architecture.md, "One item,
 * one write unit").
 */

const UNCOMPRESSED = 0;
/** The JSON, deflated with dictionary 1. Read, no longer written. */
const DEFLATE_1 = 1;
/** A byte with the number of UUIDs, the UUIDs, and the JSON without them, as a zstd frame with dictionary 2. */
const ZSTD_2 = 2;
/** The versions this release reads: all from the first to the last. */
const LAST_VERSION = ZSTD_2;

const HEADER_BYTES = 4;

/** A document that a later release has stored: this one cannot read it, nor know how long it is. */
export class UnknownDocumentVersion extends Error {
  override readonly name = 'UnknownDocumentVersion';
  readonly version: number;

  constructor(version: number) {
    const known = Array.from({ length: LAST_VERSION + 1 }, (_, i) => i).join(', ');
    super(`stored document is of version ${version}, which this release cannot read; it reads ${known}`);
    this.version = version;
  }
}

const frames = zstdFrames(dictionary2);

/**
 * @param json the document as JSON, at most 16 MiB
 * @returns the bytes to store
 */
export function encodeDocument(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const encoded = isPackable(json) ? zstd(json) : undefined;
  const pays = encoded !== undefined && encoded.length < length;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(pays ? ZSTD_2 : UNCOMPRESSED, 0);
  header.writeUIntBE(length, 1, 3);
  return Buffer.concat([header, pays ? encoded : Buffer.from(json)]);
}

/**
 * The length of an encoded document's JSON, in bytes, read from its header alone.
 *
 * @throws UnknownDocumentVersion if the document cannot be decoded: whoever asks for the length learns it before that
 */
export function documentLength(encoded: Buffer): number {
  const version = encoded.readUInt8(0);
  if (version > LAST_VERSION) throw new UnknownDocumentVersion(version);
  return encoded.readUIntBE(1, 3);
}

/**
 * @returns the document's JSON in UTF-8
 * @throws UnknownDocumentVersion
 * @throws Error if the bytes are damaged
 */
export function decodeDocument(encoded: Buffer): Buffer {
  const length = documentLength(encoded);
  const rest = encoded.subarray(HEADER_BYTES);
  const json = decode(encoded.readUInt8(0), rest, length);
  if (json.length !== length)
    throw new Error(`stored document has ${json.length} bytes, its header says ${length}`);
  return json;
}

function decode(version: number, rest: Buffer, length: number): Buffer {
  switch (version) {
    case ZSTD_2:
      return fromZstd(rest, length);
    case DEFLATE_1:
      return inflateRawSync(rest, { dictionary: dictionary1, maxOutputLength: Math.max(1, length) });
    case UNCOMPRESSED:
      return rest;
    default:
      throw new UnknownDocumentVersion(version);
  }
}

function zstd(json: string): Buffer {
  const { text, uuids } = packUuids(json);
  return Buffer.concat([Buffer.of(uuids.length / UUID_BYTES), uuids, frames.compress(text)]);
}

function fromZstd(rest: Buffer, length: number): Buffer {
  const frame = 1 + rest.readUInt8(0) * UUID_BYTES;
  return unpackUuids(frames.decompress(rest.subarray(frame)), rest.subarray(1, frame), length);
}
