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

/** @returns the version that a whole text begins with; undefined if it is not whole, or begins with none */
export function checkedVersion(text: string): number | undefined {
  const value = parseChecked(text);
  const version: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof version === 'number' ? version : undefined;
}

/**
 * What an error says of a cursor that cannot be used.
 *
 * @param accepted what is accepted, whatever the version
 * @param version the only one that this release reads
 */
export function acceptedVersion(accepted: string, version: number, text: string): string {
  const given = checkedVersion(text) ?? version;
  return given === version ? accepted : `${accepted}, of version ${version}; this one is of version ${given}`;
}

/** @returns the value, or undefined if `text` is not whole, as `formatChecked` gives it */
export function parseChecked(text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= CHECKSUM_BYTES || bytes.toString('base64url') !== text) return undefined;
  const json = bytes.subarray(CHECKSUM_BYTES);
  return crc32(json) === bytes.readUInt32BE() ? parseJson(json.toString()) : undefined;
}
