import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Cursor, formatCursor, parseCursor } from '../../../shared/feed/cursor.ts';
import { LAST_INSTANT } from '../../../shared/time.ts';

const count = fc.maxSafeNat();
const instant = fc.integer({ min: 0, max: LAST_INSTANT });
const position = fc.record({ number: count, members: count });
const cursors: fc.Arbitrary<Cursor> = fc.record({
  epoch: fc.oneof(fc.uuid(), fc.constant('')),
  t: instant,
  since: instant,
  positions: fc.array(fc.tuple(fc.nat(31), position), { maxLength: 16 }).map((pairs) => new Map(pairs)),
});

/** A cursor with a right checksum, whatever it holds. */
const forged = (content: string | Buffer): string => {
  const json = Buffer.from(content);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(json));
  return Buffer.concat([checksum, json]).toString('base64url');
};

describe('a cursor', () => {
  test('is read back as it was written, and is safe in a URL', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        const text = formatCursor(cursor);
        expect(parseCursor(text)).toEqual(cursor);
        expect(encodeURIComponent(text)).toBe(text);
      }),
    );
  });

  const whole = formatCursor({
    epoch: '0d9f4a4c-5a3e-4f0e-8e5b-2f1d6c1f7a10',
    t: Date.UTC(2026, 10, 24),
    since: 0,
    positions: new Map([[0, { number: 17, members: 3 }]]),
  });

  test('that was cut anywhere is none', () => {
    for (let length = 0; length < whole.length; length++) {
      expect(parseCursor(whole.slice(0, length))).toBeUndefined();
      expect(parseCursor(whole.slice(whole.length - length))).toBeUndefined();
    }
  });

  test('with one character changed, left out or added is none', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \u00e9';
    for (let i = 0; i < whole.length; i++) {
      expect(parseCursor(whole.slice(0, i) + whole.slice(i + 1)), `without ${i}`).toBeUndefined();
      for (const character of alphabet) {
        const added = whole.slice(0, i) + character + whole.slice(i);
        expect(parseCursor(added), `${character} before ${i}`).toBeUndefined();
        const changed = whole.slice(0, i) + character + whole.slice(i + 1);
        if (changed !== whole) expect(parseCursor(changed), `${character} at ${i}`).toBeUndefined();
      }
    }
  });

  test('that is any other text is none, and no error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseCursor(text) === undefined));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each).toString('base64url'));
    fc.assert(fc.property(bytes, (text) => parseCursor(text) === undefined));
  });

  test('with a right checksum, but not of the known form, is none', () => {
    expect(parseCursor(forged('[1,"e",5,0,[[0,1,2]]]'))).toBeDefined();
    const wrong = [
      '',
      'null',
      '{}',
      '[1,"e",5,0',
      '[2,"e",5,0,[]]',
      '[0,"e",5,0,[]]',
      '["1","e",5,0,[]]',
      '[1,7,5,0,[]]',
      '[1,"e",-1,0,[]]',
      '[1,"e",5,-1,[]]',
      '[1,"e",5.5,0,[]]',
      '[1,"e",1e300,0,[]]',
      `[1,"e",${LAST_INSTANT + 1},0,[]]`,
      `[1,"e",5,${LAST_INSTANT + 1},[]]`,
      '[1,"e",5,0,[[-1,1,2]]]',
      '[1,"e",5,0,[[0,-1,2]]]',
      '[1,"e",5,0,[[0,1,-2]]]',
      '[1,"e",5,0,[[0,1]]]',
      '[1,"e",5,0,[[0,1,2,3]]]',
      '[1,"e",5,0,[],6]',
      '[1,"e",5,0]',
    ];
    for (const json of wrong) expect(parseCursor(forged(json)), json).toBeUndefined();
  });
});
