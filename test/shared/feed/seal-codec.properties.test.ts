import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FeedItemDamaged, UnknownFeedVersion } from '../../../shared/feed/feed-errors.ts';
import { decodeSeal, encodeSeal } from '../../../shared/feed/seal-codec.ts';

const members = fc.array(fc.boolean(), { maxLength: 300 });

describe('a seal', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(members, (isMember) => {
        expect(decodeSeal(encodeSeal(isMember), isMember.length)).toEqual(isMember);
      }),
    );
  });

  test('takes a bit for each log', () => {
    expect(encodeSeal(Array.from({ length: 800 }, () => true)).length).toBe(7 + 100);
  });

  test('of another number of logs is damaged', () => {
    fc.assert(
      fc.property(members, fc.nat(300), (isMember, count) => {
        fc.pre(count !== isMember.length);
        expect(() => decodeSeal(encodeSeal(isMember), count)).toThrow(FeedItemDamaged);
      }),
    );
  });

  test('with any byte changed, cut or lengthened is damaged: another bit would show another log', () => {
    const isMember = Array.from({ length: 21 }, (_, i) => i % 3 !== 0);
    const whole = encodeSeal(isMember);
    for (let position = 1; position < whole.length; position++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(whole);
        damaged[position] = (whole[position] as number) ^ (1 << bit);
        expect(() => decodeSeal(damaged, 21), `byte ${position}`).toThrow(FeedItemDamaged);
      }
    }
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeSeal(whole.subarray(0, length), 21)).toThrow(FeedItemDamaged);
    expect(() => decodeSeal(Buffer.concat([whole, Buffer.of(0)]), 21)).toThrow(FeedItemDamaged);
  });

  test('of a later version is of a later release', () => {
    const later = encodeSeal([true]);
    later[0] = 2;
    expect(() => decodeSeal(later, 1)).toThrow(UnknownFeedVersion);
    later[0] = 0;
    expect(() => decodeSeal(later, 1)).toThrow(FeedItemDamaged);
  });
});
