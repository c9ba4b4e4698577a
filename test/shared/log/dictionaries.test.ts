import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import dictionary1 from '../../../shared/log/dictionaries/dictionary-1.ts';
import dictionary2 from '../../../shared/log/dictionaries/dictionary-2.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import { takeSyntheticLogs } from '../../../tools/synthetic-logs/synthetic-logs.ts';

describe('a published dictionary', () => {
  test.each([
    [1, dictionary1, 12_358, '15161b0b02100f1ada9ab485501b5d858937787da2d563baee06d5d443ea8fc3'],
    [2, dictionary2, 32_768, 'f13ba27ecfb3684fe4d48baab9c6f6090498e4d0791b6abbe69c41d46decb586'],
  ])(
    '%d never changes: the documents stored with it can be read with nothing else',
    (_, bytes, length, hash) => {
      expect(bytes.length).toBe(length);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash);
    },
  );
});

describe('a log of a customer the dictionary was not made from', () => {
  const sizes = (size: 'typical' | 'small') =>
    [0, 1, 2, 3, 4, 5, 6, 7]
      .flatMap((vocabulary) =>
        takeSyntheticLogs(250, { seed: 1, start: Date.UTC(2026, 10, 21), vocabulary, size }),
      )
      .map((log) => encodeDocument(JSON.stringify(log)).length)
      .sort((a, b) => a - b);
  const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(share * sorted.length)];

  test('leaves room for its key and attributes in one write unit of DynamoDB, 1,024 bytes', () => {
    const typical = sizes('typical');
    expect(quantile(typical, 0.5)).toBeLessThanOrEqual(340);
    expect(quantile(typical, 0.99)).toBeLessThan(450);
  });

  test('gains from the dictionary also where its producer fills in little', () => {
    expect(quantile(sizes('small'), 0.5)).toBeLessThanOrEqual(190);
  });
});
