import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeDocument } from '../../shared/log-codec.ts';
import { LOG_DICTIONARIES } from '../../shared/log-dictionary.ts';
import { takeSyntheticLogs } from '../fixtures/synthetic-logs.ts';

describe('a published dictionary', () => {
  it('never changes, because the documents stored with it can be read with nothing else', () => {
    const published = Object.entries(LOG_DICTIONARIES).map(([number, dictionary]) => ({
      number,
      bytes: dictionary.length,
      sha256: createHash('sha256').update(dictionary).digest('hex'),
    }));
    expect(published).toEqual([
      {
        number: '1',
        bytes: 12_358,
        sha256: '15161b0b02100f1ada9ab485501b5d858937787da2d563baee06d5d443ea8fc3',
      },
    ]);
  });

  it('has at most 16 KiB, half of what deflate can look back upon', () => {
    for (const dictionary of Object.values(LOG_DICTIONARIES))
      expect(dictionary.length).toBeLessThanOrEqual(16_384);
  });
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

  it('leaves room for its key and attributes in one write unit of DynamoDB, 1,024 bytes', () => {
    const typical = sizes('typical');
    expect(quantile(typical, 0.5)).toBeLessThanOrEqual(520);
    expect(quantile(typical, 0.99)).toBeLessThan(800);
  });

  it('gains from the dictionary also where its producer fills in little', () => {
    expect(quantile(sizes('small'), 0.5)).toBeLessThanOrEqual(250);
  });
});
