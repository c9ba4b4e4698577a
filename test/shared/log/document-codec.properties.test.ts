import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import dictionary1 from '../../../shared/log/dictionaries/dictionary-1.ts';
import {
  decodeDocument,
  documentLength,
  encodeDocument,
  UnknownDocumentVersion,
} from '../../../shared/log/document-codec.ts';

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

  test('keeps its UUIDs aside, whatever stands around them and however many there are', () => {
    const text = fc.oneof(fc.uuid(), fc.constantFrom('', '-', 'f', '\u0001', '\u001f', '"'), fc.string());
    fc.assert(
      fc.property(fc.array(text, { maxLength: 100 }), (texts) => {
        const json = JSON.stringify([...texts, texts.join('')]).toWellFormed();
        expect(decodeDocument(encodeDocument(json)).toString()).toBe(json);
      }),
    );
  });

  test('of the first version, with a deflated document, is still read', () => {
    const json = JSON.stringify({ event: { action: 'OPENED' } });
    const deflated = deflateRawSync(json, { dictionary: dictionary1 });
    const encoded = Buffer.concat([Buffer.of(1, 0, 0, json.length), deflated]);
    expect(decodeDocument(encoded).toString()).toBe(json);
  });

  test('that was damaged leaves the next one as it is', () => {
    const whole = JSON.stringify({ event: { action: 'OPENED' }, note: 'x'.repeat(200), at: [1, 2, 3] });
    const document = encodeDocument(whole);
    fc.assert(
      fc.property(fc.nat(document.length), fc.nat(255), fc.boolean(), (position, byte, cut) => {
        const damaged = Buffer.from(cut ? document.subarray(0, position) : document);
        damaged[position] = byte;
        try {
          decodeDocument(damaged);
        } catch {
          // as it should be
        }
        expect(decodeDocument(document).toString()).toBe(whole);
        expect(decodeDocument(encodeDocument(whole)).toString()).toBe(whole);
      }),
      { numRuns: 300 },
    );
  });

  test('whose text was damaged is an error', () => {
    const document = encodeDocument(JSON.stringify({ event: { action: 'OPENED' }, note: 'x'.repeat(200) }));
    const FRAME = 5;
    fc.assert(
      fc.property(fc.integer({ min: FRAME, max: document.length - 1 }), fc.nat(254), (position, change) => {
        const damaged = Buffer.from(document);
        damaged[position] = (damaged[position] ?? 0) ^ (change + 1);
        // The window's size may be another one and still be large enough.
        if (position !== FRAME + 5) expect(() => decodeDocument(damaged)).toThrow();
      }),
      { numRuns: 300 },
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

  test('that is of an unknown version says so, before its length is believed', () => {
    const encoded = encodeDocument('{"event":{"action":"OPENED"}}');
    encoded[0] = 99;
    for (const read of [documentLength, decodeDocument]) {
      expect(() => read(encoded)).toThrow(UnknownDocumentVersion);
      expect(() => read(encoded)).toThrow('version 99, which this release cannot read; it reads 0, 1, 2');
    }
  });
});
