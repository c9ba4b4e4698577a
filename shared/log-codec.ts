import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LOG_DICTIONARIES } from './log-dictionary.ts';

/**
 * How a document is kept (design section 2): one byte that names the dictionary (0: not compressed), three bytes
 * with the length of the JSON in bytes (big-endian), then the JSON, deflated. The length is there so that the size
 * of an answer is known exactly before anything is inflated.
 */

const UNCOMPRESSED = 0;
/** The dictionary new documents are written with. Older ones stay readable for as long as they are listed. */
const CURRENT_DICTIONARY = 1;
const HEADER_BYTES = 4;
const COMPRESSION_LEVEL = 6;

/**
 * @param json the document as canonical JSON, at most 16 MiB
 * @returns the bytes to store
 */
export function encodeDocument(json: string): Buffer {
  const raw = Buffer.from(json);
  const dictionary = LOG_DICTIONARIES[CURRENT_DICTIONARY];
  const deflated = deflateRawSync(raw, { level: COMPRESSION_LEVEL, dictionary });
  const pays = deflated.length < raw.length;
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(pays ? CURRENT_DICTIONARY : UNCOMPRESSED, 0);
  header.writeUIntBE(raw.length, 1, 3);
  return Buffer.concat([header, pays ? deflated : raw]);
}

/** The length of an encoded document's JSON, in bytes, read from its header alone. */
export const documentLength = (encoded: Buffer): number => encoded.readUIntBE(1, 3);

/**
 * @returns the document's JSON in UTF-8
 * @throws Error if the bytes are damaged or name a dictionary that is not known
 */
export function decodeDocument(encoded: Buffer): Buffer {
  const version = encoded.readUInt8(0);
  const length = documentLength(encoded);
  const json = version === UNCOMPRESSED ? encoded.subarray(HEADER_BYTES) : inflate(encoded, version, length);
  if (json.length !== length)
    throw new Error(`stored document has ${json.length} bytes, its header says ${length}`);
  return json;
}

function inflate(encoded: Buffer, version: number, length: number): Buffer {
  const dictionary = LOG_DICTIONARIES[version];
  if (!dictionary) throw new Error(`stored document names dictionary ${version}, which is not known`);
  // A chunk of the document's own size: zlib's default of 16 KiB would be allocated for every document.
  const chunkSize = Math.max(64, length);
  return inflateRawSync(encoded.subarray(HEADER_BYTES), {
    dictionary,
    chunkSize,
    maxOutputLength: chunkSize,
  });
}
