import { FeedItemDamaged, UnknownFeedVersion } from './feed-errors.ts';

/**
 * Encodes and decodes which logs of an intent are in its slot: a byte with the version, two bytes with the number of
 * logs, and one bit for each log, the first in the highest bit.
 */

const VERSION = 1;
const HEADER_BYTES = 3;

export function encodeSeal(members: readonly boolean[]): Buffer {
  const seal = Buffer.alloc(HEADER_BYTES + Math.ceil(members.length / 8));
  seal.writeUInt8(VERSION, 0);
  seal.writeUInt16BE(members.length, 1);
  members.forEach((isMember, i) => {
    if (isMember) seal[HEADER_BYTES + (i >> 3)] = (seal[HEADER_BYTES + (i >> 3)] as number) | bit(i);
  });
  return seal;
}

/**
 * @param count how many logs the intent has
 * @throws UnknownFeedVersion if a later release wrote the seal
 * @throws FeedItemDamaged if it is not the seal of so many logs
 */
export function decodeSeal(seal: Buffer, count: number): boolean[] {
  const version = seal[0];
  if (version !== undefined && version > VERSION) throw new UnknownFeedVersion('seal', version);
  const isWhole = version === VERSION && seal.length === HEADER_BYTES + Math.ceil(count / 8);
  if (!isWhole || seal.readUInt16BE(1) !== count) throw new FeedItemDamaged(`not the seal of ${count} logs`);
  return Array.from({ length: count }, (_, i) => ((seal[HEADER_BYTES + (i >> 3)] as number) & bit(i)) !== 0);
}

const bit = (i: number): number => 0x80 >> (i & 7);
