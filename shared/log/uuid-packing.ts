/**
 * Stores the UUIDs of a text as bytes beside it. A log has eight UUIDs on average, each of 36 characters that no
 * compression makes smaller than its 16 random bytes. A packed text has a control character in the place of each UUID,
 * which JSON never contains (RFC 8259, 7).
 */

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
export const UUID_BYTES = 16;
const HYPHEN = '-'.charCodeAt(0);
/** Characters below this one stand for UUIDs: 1 for the first, 2 for the second, and so on. */
const FIRST_TEXT_CHARACTER = 0x20;
const MOST_UUIDS = FIRST_TEXT_CHARACTER - 1;
/** The two hexadecimal digits of each byte. */
const HIGH_DIGITS = digitsOfBytes(0);
const LOW_DIGITS = digitsOfBytes(1);

/** Whether a text contains none of the characters that `packUuids` puts in the place of UUIDs. */
export const isPackable = (text: string): boolean => !/[^ -\u{10ffff}]/u.test(text);

export interface PackedText {
  /** With a control character for each UUID. */
  readonly text: string;
  /** The bytes of the different UUIDs, at most 31. */
  readonly uuids: Buffer;
}

/**
 * Takes the UUIDs (in lower case) out of a text.
 *
 * @param text one that `isPackable`
 */
export function packUuids(text: string): PackedText {
  const uuids: string[] = [];
  const packed = text.replace(UUID, (uuid) => {
    let index = uuids.indexOf(uuid);
    if (index === -1 && uuids.length === MOST_UUIDS) return uuid;
    if (index === -1) index = uuids.push(uuid) - 1;
    return String.fromCharCode(index + 1);
  });
  return { text: packed, uuids: Buffer.from(uuids.join('').replaceAll('-', ''), 'hex') };
}

/**
 * Puts the UUIDs back into a text.
 *
 * @param text the packed text, in UTF-8
 * @param uuids the bytes of its UUIDs
 * @param length of the original text, in bytes
 * @returns the original text, in UTF-8
 * @throws Error if the result has another length, or a UUID is missing: the document is damaged
 */
export function unpackUuids(text: Buffer, uuids: Uint8Array, length: number): Buffer {
  const unpacked = Buffer.allocUnsafe(length);
  let at = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] as number;
    if (byte >= FIRST_TEXT_CHARACTER) continue;
    at += text.copy(unpacked, at, from, i);
    at = writeUuid(uuids, (byte - 1) * UUID_BYTES, unpacked, at);
    from = i + 1;
  }
  at += text.copy(unpacked, at, from);
  if (at !== length) throw new Error(`stored document has ${at} bytes, its header says ${length}`);
  return unpacked;
}

/** @returns the position after the UUID. Writing beyond the end of a typed array does nothing. */
function writeUuid(uuids: Uint8Array, from: number, target: Uint8Array, start: number): number {
  if (from < 0 || from + UUID_BYTES > uuids.length) throw new Error('stored document names a UUID it lacks');
  let at = start;
  for (let i = 0; i < UUID_BYTES; i++) {
    const byte = uuids[from + i] as number;
    if (i === 4 || i === 6 || i === 8 || i === 10) target[at++] = HYPHEN;
    target[at++] = HIGH_DIGITS[byte] as number;
    target[at++] = LOW_DIGITS[byte] as number;
  }
  return at;
}

function digitsOfBytes(position: 0 | 1): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) =>
    byte.toString(16).padStart(2, '0').charCodeAt(position),
  );
}
