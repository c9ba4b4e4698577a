/**
 * UUIDs aside: a log holds eight of them on average, each 36 characters that no compression makes smaller than its 16
 * random bytes. Packed, a text keeps one control character in the place of each; JSON never has one (RFC 8259, 7).
 */

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
export const UUID_BYTES = 16;
const HYPHEN = '-'.charCodeAt(0);
/** The characters that stand for a UUID are those below this one: the first UUID is 1, the second 2, and so on. */
const FIRST_TEXT_CHARACTER = 0x20;
const MOST_UUIDS = FIRST_TEXT_CHARACTER - 1;
/** The two hexadecimal digits of each byte. */
const HIGH_DIGITS = digitsOfBytes(0);
const LOW_DIGITS = digitsOfBytes(1);

/** Whether a text has no character of its own that `packUuids` uses. */
export const isPackable = (text: string): boolean => !/[^ -\u{10ffff}]/u.test(text);

/**
 * Takes the UUIDs (in lower case) out of a text.
 *
 * @param text packable
 * @returns the text with a control character for each, and the bytes of those that differ, 31 at most
 */
export function packUuids(text: string): { text: string; uuids: Buffer } {
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
 * @param text what `packUuids` made of a text, in UTF-8
 * @param uuids the bytes of its UUIDs
 * @param length of the text it was made from, in bytes
 * @returns that text, in UTF-8
 * @throws Error if it has another length or names a UUID that is not there: something was damaged
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

/** @returns where the target goes on; writing behind its end does nothing, as typed arrays have it */
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
