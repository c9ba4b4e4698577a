import { inflateRawSync } from 'node:zlib';
import { UnknownVersion } from '../unknown-version.ts';
import dictionary1 from './dictionaries/dictionary-1.ts';
import dictionary2 from './dictionaries/dictionary-2.ts';
import { isPackable, type PackedText, packUuids, UUID_BYTES, unpackUuids } from './uuid-packing.ts';
import { zstdFrames } from './zstd-frames.ts';

/**
 * Encodes and decodes stored documents (docs/architecture.md#one-item-one-write-unit). An encoded document is one byte
 * with the version of the encoding, three bytes with the length of the JSON in bytes (big-endian), and the encoded JSON.
 * Thanks to the length, the exact size of an answer is known before anything is decoded.
 *
 * A released version stays as long as a stored document may have it: no other code can read that document. A better
 * encoding gets the next number, and its decoder is released before its encoder.
 */

const UNCOMPRESSED = 0;
/** The JSON, deflated with dictionary 1. It is still read, but no longer written. */
const DEFLATE_1 = 1;
/** A byte with the number of UUIDs, the UUIDs, and the JSON without them as a zstd frame with dictionary 2. */
const ZSTD_2 = 2;
/** This release reads all versions up to this one. */
const LAST_VERSION = ZSTD_2;

const HEADER_BYTES = 4;

/** A later release has stored the document: this release can read neither its JSON nor its length. */
export class UnknownDocumentVersion extends UnknownVersion {
  override readonly name = 'UnknownDocumentVersion';

  constructor(version: number) {
    super(
      'a stored document',
      version,
      Array.from({ length: LAST_VERSION + 1 }, (_, i) => i),
    );
  }
}

/** Level 9 takes twice as long, and saves 4 % of the bytes (docs/performance.md#a-document). */
const frames = zstdFrames(dictionary2, { strategy: 'greedy', minMatch: 5, searchLog: 4 });

/**
 * @param json the document as JSON, at most 16 MiB
 * @param packed the same without its UUIDs, if it is known already
 * @returns the bytes to store
 */
export function encodeDocument(json: string, packed = packDocument(json)): Buffer {
  const length = Buffer.byteLength(json);
  const encoded = packed && zstd(packed);
  const pays = encoded !== undefined && encoded.length < length;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(pays ? ZSTD_2 : UNCOMPRESSED, 0);
  header.writeUIntBE(length, 1, 3);
  return Buffer.concat([header, pays ? encoded : Buffer.from(json)]);
}

/**
 * The length of an encoded document's JSON, in bytes. It is read from the header alone.
 *
 * @throws UnknownDocumentVersion if this release cannot decode the document
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

/** @returns undefined if the text is not JSON as `JSON.stringify` writes it, and cannot be packed */
export const packDocument = (json: string): PackedText | undefined =>
  isPackable(json) ? packUuids(json) : undefined;

function zstd({ text, uuids }: PackedText): Buffer {
  return Buffer.concat([Buffer.of(uuids.length / UUID_BYTES), uuids, frames.compress(text)]);
}

function fromZstd(rest: Buffer, length: number): Buffer {
  const frame = 1 + rest.readUInt8(0) * UUID_BYTES;
  return unpackUuids(frames.decompress(rest.subarray(frame)), rest.subarray(1, frame), length);
}
