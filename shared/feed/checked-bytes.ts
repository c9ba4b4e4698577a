import { crc32 } from 'node:zlib';
import { FeedItemDamaged, UnknownFeedVersion } from './feed-errors.ts';

/**
 * What an intent and a seal have in common as bytes: a byte with the version, the CRC-32 of everything else (four bytes),
 * and the content. The checksum finds every damaged byte: a seal with another bit would show another log.
 */

const CHECKSUM_BYTES = 4;
const HEADER_BYTES = 1 + CHECKSUM_BYTES;

export function withChecksum(version: number, ...content: readonly Buffer[]): Buffer {
  const checked = Buffer.concat([Buffer.alloc(HEADER_BYTES), ...content]);
  checked.writeUInt8(version, 0);
  checked.writeUInt32BE(checksum(version, checked.subarray(HEADER_BYTES)), 1);
  return checked;
}

/**
 * @param version the only one that this release reads
 * @param what the name of the item, for messages
 * @returns the content
 * @throws UnknownFeedVersion if a later release wrote the bytes
 * @throws FeedItemDamaged if they are not what was written
 */
export function checkedContent(checked: Buffer, version: number, what: string): Buffer {
  const given = checked[0];
  if (given !== undefined && given > version) throw new UnknownFeedVersion(what, given, version);
  const content = checked.subarray(HEADER_BYTES);
  const isWhole =
    given === version &&
    checked.length >= HEADER_BYTES &&
    checked.readUInt32BE(1) === checksum(version, content);
  if (!isWhole) throw new FeedItemDamaged(`the ${what} is not as it was written`);
  return content;
}

/** The version is part of what is checked. */
const checksum = (version: number, content: Buffer): number => crc32(content, crc32(Buffer.of(version)));
