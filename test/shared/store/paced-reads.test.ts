import { describe, expect, test } from 'vitest';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { encodeDocument } from '../../../shared/log/document-codec.ts';
import {
  type Collection,
  collect,
  READS_AT_ONCE,
  type ReadBatch,
} from '../../../shared/store/collect-window.ts';
import { type KeyRange, keyRanges, logKey } from '../../../shared/store/log-key.ts';
import type { StoredLog } from '../../../shared/store/log-list.ts';
import { pacedReads, type ReadFault } from '../../../shared/store/paced-reads.ts';
import { type VirtualTime, virtualTime } from '../../fixtures/virtual-time.ts';

const WINDOW = { from: 0, until: 100_000 };
const RANGES = keyRanges(WINDOW, ['player', 'builder']);
const PAGE_SIZE = 10;
/** How long a read takes, and a collection may take, milliseconds. */
const READ_MS = 10;
const TIME = 54_000;

class Fault extends Error {
  readonly kind: ReadFault;
  constructor(kind: ReadFault) {
    super(kind);
    this.kind = kind;
  }
}

/** Logs of the Player, one every 20 ms: 5,000 of them, some 600 a partition. */
const partitions = Map.groupBy(
  Array.from({ length: 5_000 }, (_, i) => logKey('player', 20 * i, `id-${i}`)),
  ({ partitionKey }) => partitionKey,
);
const document = encodeDocument('{}');

interface Read {
  readonly at: number;
  readonly inFlight: number;
  readonly partitionKey: string;
}

/** A store that fails as it is told. It keeps a list of its reads. */
function storeOf(time: VirtualTime, faultOf: (n: number, range: KeyRange) => ReadFault | undefined) {
  const reads: Read[] = [];
  let inFlight = 0;
  const readBatch: ReadBatch = async (range, after = range.from, signal) => {
    inFlight += 1;
    reads.push({ at: time.now(), inFlight, partitionKey: range.partitionKey });
    const n = reads.length;
    try {
      await time.sleep(READ_MS, signal);
      const fault = faultOf(n, range);
      if (fault !== undefined) throw new Fault(fault);
      const rest = (partitions.get(range.partitionKey) ?? []).filter(
        ({ sortKey }) => sortKey > after && sortKey < range.until,
      );
      const logs: StoredLog[] = rest.slice(0, PAGE_SIZE).map(({ sortKey }) => ({ sortKey, document }));
      return { logs, next: rest.length > PAGE_SIZE ? logs.at(-1)?.sortKey : undefined };
    } finally {
      inFlight -= 1;
    }
  };
  return { reads, readBatch };
}

/** Random numbers that are the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Collects the window from a store that fails as it is told, in virtual time. */
async function collectFrom(faultOf: (n: number, range: KeyRange) => ReadFault | undefined, seed = 1) {
  const time = virtualTime();
  const { reads, readBatch } = storeOf(time, faultOf);
  const signal = time.deadline(TIME);
  const pacing = {
    most: READS_AT_ONCE,
    faultOf: (error: unknown) => (error instanceof Fault ? error.kind : 'ours'),
    sleep: time.sleep,
    random: seeded(seed),
  };
  const paced = pacedReads(pacing, signal);
  const readPaced: ReadBatch = (range, after, stop) => paced(() => readBatch(range, after, stop));
  const outcome: Collection | Error = await time
    .until(collect(RANGES, readPaced, { signal, hasRoom: () => true }))
    .catch((error: Error) => error);
  return { outcome, reads, took: time.now() };
}

const collection = (outcome: Collection | Error): Collection => {
  if (outcome instanceof Error) throw outcome;
  return outcome;
};

/** The most reads in flight at once among some. */
const mostInFlight = (reads: readonly Read[]): number => Math.max(...reads.map(({ inFlight }) => inFlight));

describe('collecting from a store that throttles', () => {
  test('never: keeps as many reads in flight as it may, and waits for nothing', async () => {
    const { outcome, reads, took } = await collectFrom(() => undefined);
    expect(collection(outcome).results).toBe(5_000);
    expect(mostInFlight(reads)).toBe(READS_AT_ONCE);
    expect(took).toBeLessThan((2 * READ_MS * reads.length) / READS_AT_ONCE);
  });

  test('always: goes on until its time is up, more and more slowly, and ends without an error', async () => {
    const { outcome, reads, took } = await collectFrom(() => 'throttled');
    expect(collection(outcome)).toMatchObject({ results: 0, readUntil: WINDOW.from });
    expect(took).toBe(TIME);
    const later = reads.filter(({ at }) => at > 10_000);
    expect(mostInFlight(later)).toBe(1);
    // Each of the 16 reads waits a second on average; nobody hammers, and nobody gives up.
    expect(later.length).toBeLessThan(16 * 44 * 2);
    expect(reads.filter(({ at }) => at > TIME - 5_000).length).toBeGreaterThan(16);
  });

  test('its first 200 reads: reads everything in time', async () => {
    for (const seed of [1, 2, 3]) {
      const { outcome, reads, took } = await collectFrom((n) => (n <= 200 ? 'throttled' : undefined), seed);
      expect(collection(outcome)).toMatchObject({ results: 5_000, readUntil: undefined });
      expect(took).toBeLessThan(TIME / 2);
      expect(mostInFlight(reads.slice(-100))).toBeGreaterThan(READS_AT_ONCE / 2);
    }
  });

  test('for as long as more than two reads are in flight: reads everything, two at a time', async () => {
    const time = virtualTime();
    let inFlight = 0;
    const pacing = { most: 16, faultOf: () => 'throttled' as const, sleep: time.sleep, random: seeded(1) };
    const paced = pacedReads(pacing, time.deadline(TIME));
    const read = async (): Promise<void> => {
      inFlight += 1;
      const tooMany = inFlight > 2;
      await time.sleep(READ_MS);
      inFlight -= 1;
      if (tooMany) throw new Error('too many');
    };
    const reads = Promise.all(Array.from({ length: 400 }, () => paced(read)));
    await time.until(reads);
    expect(time.now()).toBeLessThan(TIME);
  });

  test('one partition: reads the others to their end, and says up to when everything was read', async () => {
    const throttled = [...partitions.keys()][3];
    let letThrough = 0;
    const { outcome, reads, took } = await collectFrom((_, { partitionKey }) =>
      partitionKey === throttled && ++letThrough > 5 ? 'throttled' : undefined,
    );
    const { results, readUntil = Number.NaN } = collection(outcome);
    const others = [...partitions].filter(([key]) => key !== throttled).flatMap(([, logs]) => logs);
    expect(results).toBeGreaterThan(others.length);
    expect(readUntil).toBeGreaterThan(WINDOW.from);
    expect(readUntil).toBeLessThan(WINDOW.until);
    expect(took).toBe(TIME);
    const ofOthers = reads.filter(({ partitionKey }) => partitionKey !== throttled);
    expect(ofOthers.at(-1)?.at).toBeLessThan(5_000);
  });

  test('one partition, from its first read on: nothing is known to be read', async () => {
    const throttled = [...partitions.keys()][3];
    const { outcome } = await collectFrom((_, { partitionKey }) =>
      partitionKey === throttled ? 'throttled' : undefined,
    );
    expect(collection(outcome).readUntil).toBe(WINDOW.from);
  });
});

describe('collecting from a store that fails', () => {
  test('now and then: tries again, and reads everything', async () => {
    // Four bad moments, each longer than a read.
    const { outcome } = await collectFrom((n) => (n % 100 < 20 && n < 400 ? 'transient' : undefined));
    expect(collection(outcome).results).toBe(5_000);
  });

  test('always: gives up after a few attempts, within seconds', async () => {
    const { outcome, took } = await collectFrom(() => 'transient');
    expect(outcome).toBeInstanceOf(StoreUnavailable);
    expect((outcome as Error).cause).toBeInstanceOf(Fault);
    expect(took).toBeLessThan(2_000);
  });

  test('because of what it was asked: fails at once, with what it said', async () => {
    const { outcome, reads } = await collectFrom(() => 'ours');
    expect(outcome).toMatchObject({ kind: 'ours' });
    expect(reads.length).toBeLessThanOrEqual(READS_AT_ONCE);
  });
});
