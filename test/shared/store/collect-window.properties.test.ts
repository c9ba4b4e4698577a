import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPLICATIONS, type Application } from '../../../shared/event/bus-events.ts';
import { decodeDocument, documentLength, encodeDocument } from '../../../shared/log/document-codec.ts';
import { type CollectLimits, collect, type ReadBatch } from '../../../shared/store/collect-window.ts';
import { compareSortKeys, keyRanges, logKey, sortKeyTimestamp } from '../../../shared/store/log-key.ts';
import type { StoredLog } from '../../../shared/store/log-list.ts';

const WINDOW = { from: 1_000, until: 101_000 };
const everything: CollectLimits = { hasRoom: () => true, signal: new AbortController().signal };

interface GivenLog {
  readonly application: Application;
  readonly timestamp: number;
}

/** Logs in and around the window: spread, in bursts, many in one millisecond. */
const storedLogs = fc.array(
  fc.record({
    application: fc.constantFrom(...APPLICATIONS),
    timestamp: fc.oneof(
      fc.integer({ min: 0, max: 102_000 }),
      fc.integer({ min: 50_000, max: 50_020 }),
      fc.constantFrom(WINDOW.from, WINDOW.until - 1, WINDOW.until),
    ),
  }),
  { maxLength: 400, size: 'max' },
);

/** A store in memory that gives a batch at a time, as DynamoDB does, and counts. */
function storeOf(logs: readonly GivenLog[], batchSize: number, idOf = (i: number): string => `id-${i}`) {
  const partitions = new Map<string, StoredLog[]>();
  logs.forEach(({ application, timestamp }, i) => {
    const { partitionKey, sortKey } = logKey(application, timestamp, idOf(i));
    const document = encodeDocument(JSON.stringify({ n: i }));
    partitions.set(partitionKey, [...(partitions.get(partitionKey) ?? []), { sortKey, document }]);
  });
  for (const partition of partitions.values())
    partition.sort((a, b) => compareSortKeys(a.sortKey, b.sortKey));

  const counted = { reads: 0, atOnce: 0, mostAtOnce: 0 };
  const readBatch: ReadBatch = async ({ partitionKey, from, until }, after = from) => {
    // DynamoDB refuses to go on from a key outside of the range.
    if (after < from || after > until) throw new Error(`${after} is not between ${from} and ${until}`);
    counted.reads += 1;
    counted.atOnce += 1;
    counted.mostAtOnce = Math.max(counted.mostAtOnce, counted.atOnce);
    for (let i = counted.reads % 3; i >= 0; i--) await turn();
    counted.atOnce -= 1;
    const found = (partitions.get(partitionKey) ?? []).filter(
      ({ sortKey }) => sortKey > after && sortKey <= until,
    );
    const batch = found.slice(0, batchSize);
    return { logs: batch, next: batch.length === batchSize ? batch.at(-1)?.sortKey : undefined };
  };
  const inWindow = [...partitions.values()]
    .flat()
    .map(({ sortKey }) => sortKey)
    .filter((key) => sortKeyTimestamp(key) >= WINDOW.from && sortKeyTimestamp(key) < WINDOW.until)
    .sort(compareSortKeys);
  return { readBatch, counted, inWindow };
}

const ranges = keyRanges(WINDOW, APPLICATIONS);
const batchSizes = fc.integer({ min: 1, max: 20 });
const keysOf = (logs: Iterable<StoredLog>): string[] => [...logs].map(({ sortKey }) => sortKey);

describe('collecting the logs of a window', () => {
  test('finds each of them once, in order, however they lie in batches', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, batchSizes, async (logs, batchSize) => {
        const { readBatch, inWindow, counted } = storeOf(logs, batchSize);
        const collection = await collect(ranges, readBatch, everything);
        expect(keysOf(collection.inOrder())).toEqual(inWindow);
        expect(collection.results).toBe(inWindow.length);
        expect(collection.readUntil).toBeUndefined();
        expect(counted.mostAtOnce).toBeLessThanOrEqual(16);
      }),
    );
  });

  test('that has to stop has found everything before the instant it names, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, batchSizes, fc.nat(400), async (logs, batchSize, most) => {
        const { readBatch, inWindow } = storeOf(logs, batchSize);
        const collection = await collect(ranges, readBatch, {
          ...everything,
          hasRoom: ({ results }) => results < most,
        });
        const found = keysOf(collection.inOrder());
        const { readUntil = Number.POSITIVE_INFINITY } = collection;
        expect(found).toEqual(inWindow.filter((key) => found.includes(key)));
        for (const key of inWindow) if (sortKeyTimestamp(key) < readUntil) expect(found).toContain(key);
        if (found.length < inWindow.length) expect(readUntil).toBeLessThan(WINDOW.until);
      }),
    );
  });

  test('gives them in exactly the reverse order, those with equal keys too', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, batchSizes, fc.boolean(), async (logs, batchSize, sameIds) => {
        const { readBatch } = storeOf(logs, batchSize, sameIds ? (i) => `id-${i % 3}` : undefined);
        const collection = await collect(ranges, readBatch, everything);
        const placed = new Map([...collection.inOrder()].map((log, n) => [log.document.toString('hex'), n]));
        const places = [...collection.inOrder('desc')].map((log) => placed.get(log.document.toString('hex')));
        expect(places).toEqual([...places.keys()].reverse());
        expect(places.length).toBe(collection.results);
      }),
    );
  });

  test('that match finds what a filter of all of them finds, and keeps nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(storedLogs, batchSizes, fc.integer({ min: 1, max: 7 }), async (logs, batchSize, n) => {
        const matches = (json: Buffer): boolean => JSON.parse(json.toString()).n % n === 0;
        const { readBatch } = storeOf(logs, batchSize);
        const all = await collect(ranges, readBatch, everything);
        const found = await collect(ranges, readBatch, everything, matches);
        const wanted = [...all.inOrder()].filter((log) => matches(decodeDocument(log.document)));
        expect([...found.inOrder()]).toEqual(wanted);
        expect([found.results, found.read]).toEqual([wanted.length, all.results]);
        const bytes = (sizeOf: (document: Buffer) => number): number =>
          wanted.reduce((sum, log) => sum + sizeOf(log.document), 0);
        expect(found.documentBytes).toBe(bytes(documentLength));
        expect(found.encodedBytes).toBe(bytes(({ length }) => length));
      }),
    );
  });

  test('of few logs asks each partition once', async () => {
    const { readBatch, counted } = storeOf([{ application: 'player', timestamp: 5_000 }], 20);
    await collect(ranges, readBatch, everything);
    expect(counted.reads).toBe(ranges.length);
  });

  test('of many logs of one application keeps as many reads in flight as of both', async () => {
    const logs = Array.from({ length: 4_000 }, (_, i) => ({
      application: 'player' as const,
      timestamp: 1_000 + 25 * i,
    }));
    const { readBatch, counted } = storeOf(logs, 20);
    const { results } = await collect(keyRanges(WINDOW, ['player']), readBatch, everything);
    expect(results).toBe(logs.length);
    expect(counted.mostAtOnce).toBe(16);
  });

  test('that has to stop half way has read little in vain', async () => {
    const logs = Array.from({ length: 4_000 }, (_, i) => ({
      application: 'player' as const,
      timestamp: 1_000 + 25 * i,
    }));
    const { readBatch } = storeOf(logs, 20);
    const { readUntil = 0 } = await collect(keyRanges(WINDOW, ['player']), readBatch, {
      ...everything,
      hasRoom: ({ results }) => results < 2_000,
    });
    expect(readUntil).toBeGreaterThan(WINDOW.from + 0.3 * (WINDOW.until - WINDOW.from));
  });
});
