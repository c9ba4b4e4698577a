import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeDocument, documentLength, encodeDocument } from '../../shared/log-codec.ts';

describe('a stored document', () => {
  test('is read back as it was written, and tells its length', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), (text) => {
        const json = text.toWellFormed();
        const encoded = encodeDocument(json);
        expect(decodeDocument(encoded).toString()).toBe(json);
        expect(documentLength(encoded)).toBe(Buffer.byteLength(json));
      }),
    );
  });

  test('that was damaged is an error or, at worst, a text of the announced length: never another length', () => {
    const document = encodeDocument(JSON.stringify({ event: { action: 'OPENED' }, note: 'x'.repeat(200) }));
    fc.assert(
      fc.property(fc.nat(document.length - 1), fc.nat(255), (position, byte) => {
        const damaged = Buffer.from(document);
        damaged[position] = byte;
        try {
          expect(decodeDocument(damaged).length).toBe(documentLength(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
        }
      }),
    );
  });

  test('that does not shrink is kept as it is', () => {
    const encoded = encodeDocument('7');
    expect(encoded[0]).toBe(0);
    expect(decodeDocument(encoded).toString()).toBe('7');
  });

  test('that names an unknown dictionary says so', () => {
    const encoded = encodeDocument('{"event":{"action":"OPENED"}}');
    encoded[0] = 99;
    expect(() => decodeDocument(encoded)).toThrow('dictionary 99');
  });
});
