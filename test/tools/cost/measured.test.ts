import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  atBatchSize,
  BATCHES,
  COMPRESSED_ITEM,
  ENCODINGS,
  FEED_ANSWERS,
  FEED_READ_UNITS,
  INTENT_BYTES,
  LOG_BYTES,
  MAP_ITEM,
  ONE_PUT_CPU,
  WINDOW_ANSWERS,
} from '../../../tools/cost/measured.ts';
import { readText, tableOf } from '../../docs/repository.ts';

/** The cost is computed from what docs/performance.md has measured, so the two say the same. */
const page = readText('docs/performance.md');
const numbers = (row: readonly string[] | undefined): number[] =>
  (row ?? []).map((cell) => Number(cell.replace(/[*,]|µs/g, '')));
const rowOf = (table: string, ...first: string[]): number[] =>
  numbers(tableOf(page, table).find((row) => first.every((cell, i) => row[i]?.replaceAll('*', '') === cell)));

describe('the measured figures are those of docs/performance.md', () => {
  test('batches of ingest: write units and CPU', () => {
    const [, ...units] = rowOf('active users', '400');
    expect(BATCHES.map(({ writeUnits }) => writeUnits)).toEqual(units.slice(0, 3));
    expect(INTENT_BYTES).toBe(units[3]);
    for (const { logs, cpu } of BATCHES) expect(cpu).toBe(rowOf('announcing', 'off', String(logs))[5]);
    expect(ONE_PUT_CPU).toBe(rowOf('announcing', 'off', '1')[3]);
  });

  test('items, and answers of windows', () => {
    const { bytes, writeUnits, readUnits } = COMPRESSED_ITEM;
    expect(rowOf('stored', 'this service').slice(1)).toEqual([bytes, 572, writeUnits, readUnits]);
    expect(rowOf('stored', 'a map').slice(1)).toEqual([
      MAP_ITEM.bytes,
      1848,
      MAP_ITEM.writeUnits,
      MAP_ITEM.readUnits,
    ]);
    const cpu = 'CPU a log, from stored bytes to sent bytes';
    for (const encoding of ENCODINGS)
      expect(WINDOW_ANSWERS[encoding].cpu).toBe(rowOf(cpu, `this service, ${encoding}`)[1]);
    expect(MAP_ITEM.cpu).toBe(rowOf(cpu, 'DocumentClient, a map a log, `JSON.stringify`, gzip')[1]);
    const sizes = `an answer of ${LOG_BYTES.toLocaleString('en-US')} bytes a log`;
    for (const [encoding, row] of [
      ['gzip', 'gzip 6'],
      ['brotli', 'brotli 5, 16 MB window'],
      ['zstd', 'zstd 1, 8 MB window, match of 7'],
    ] as const)
      expect(WINDOW_ANSWERS[encoding].bytes).toBe(rowOf(sizes, row)[1]);
    expect(WINDOW_ANSWERS.identity.bytes).toBe(LOG_BYTES);
  });

  test('answers of the feed', () => {
    const rows = tableOf(page, 'consumer').slice(0, 4);
    expect(rows.map(([, encoding]) => encoding).sort()).toEqual([...ENCODINGS].sort());
    for (const [, encoding = '', ...rest] of rows) {
      const [cpu, bytes, readUnits] = numbers(rest);
      expect(FEED_ANSWERS[encoding as keyof typeof FEED_ANSWERS]).toEqual({ bytes, cpu });
      expect(FEED_READ_UNITS).toBe(readUnits);
    }
  });
});

describe('batches between the measured sizes', () => {
  test('measured sizes have their own figures', () => {
    for (const batch of BATCHES) expect(atBatchSize(batch.logs)).toEqual(batch);
    expect(atBatchSize(1000)).toEqual(BATCHES.at(-1));
  });

  test('a larger batch takes less for each event, and more in all', () => {
    const size = fc.double({ min: 1, max: 99, noNaN: true });
    fc.assert(
      fc.property(size, (logs) => {
        const [one, other] = [atBatchSize(logs), atBatchSize(logs + 1)];
        for (const key of ['writeUnits', 'cpu'] as const) {
          expect(other[key]).toBeLessThan(one[key]);
          expect(other[key] * (logs + 1)).toBeGreaterThan(one[key] * logs);
        }
      }),
    );
  });
});
