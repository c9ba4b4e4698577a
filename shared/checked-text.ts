import { crc32 } from 'node:zlib';
import { parseJson } from './parse-json.ts';

/**
 * What a cursor is as text: base64url of a CRC-32 and JSON. It is opaque to callers, safe in a URL, and recognizably damaged
 * where it was cut.
 */

const CHECKSUM_BYTES = 4;

/** @param value anything that JSON can write */
export function formatChecked(value: unknown): string {
  const json = Buffer.from(JSON.stringify(value));
  const checksum = Buffer.alloc(CHECKSUM_BYTES);
  checksum.writeUInt32BE(crc32(json));
  return Buffer.concat([checksum, json]).toString('base64url');
}

/** @returns the value, or undefined if `text` is not whole, as `formatChecked` gives it */
export function parseChecked(text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= CHECKSUM_BYTES || bytes.toString('base64url') !== text) return undefined;
  const json = bytes.subarray(CHECKSUM_BYTES);
  return crc32(json) === bytes.readUInt32BE() ? parseJson(json.toString()) : undefined;
}
