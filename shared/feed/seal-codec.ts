import { checkedContent, withChecksum } from './checked-bytes.ts';
import { FeedItemDamaged } from './feed-errors.ts';

/**
 * Encodes and decodes which logs of an intent are in its slot. After the version and the checksum (checked-bytes.ts) come
 * two bytes with the number of logs, and one bit for each log, the first in the highest bit.
 */

const VERSION = 1;
const COUNT_BYTES = 2;

export function encodeSeal(members: readonly boolean[]): Buffer {
  const content = Buffer.alloc(COUNT_BYTES + Math.ceil(members.length / 8));
  content.writeUInt16BE(members.length);
  members.forEach((isMember, i) => {
    if (isMember) content[byteOf(i)] = (content[byteOf(i)] as number) | bit(i);
  });
  return withChecksum(VERSION, content);
}

/**
 * @param count how many logs the intent has
 * @throws UnknownFeedVersion if a later release wrote the seal
 * @throws FeedItemDamaged if it is not the seal of so many logs
 */
export function decodeSeal(seal: Buffer, count: number): boolean[] {
  const content = checkedContent(seal, VERSION, 'seal');
  const isOfCount = content.length === COUNT_BYTES + Math.ceil(count / 8) && content.readUInt16BE() === count;
  if (!isOfCount) throw new FeedItemDamaged(`not the seal of ${count} logs`);
  return Array.from({ length: count }, (_, i) => ((content[byteOf(i)] as number) & bit(i)) !== 0);
}

const byteOf = (i: number): number => COUNT_BYTES + (i >> 3);
const bit = (i: number): number => 0x80 >> (i & 7);
