import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  comparePositions,
  type DeliveryPosition,
  formatPosition,
  parsePosition,
} from '../../../shared/delivery/delivery-position.ts';
import type { StoredDelivery } from '../../../shared/delivery/stored-delivery.ts';
import { APPLICATIONS, type Application } from '../../../shared/event/bus-events.ts';
import { collectDeliveries, type ReadLane } from '../../../shared/store/collect-deliveries.ts';
import { compareSortKeys, keyRanges, type LogKey, logKey } from '../../../shared/store/log-key.ts';

const RANGES = keyRanges({ from: 0, until: 1000 }, APPLICATIONS);

const anyKey: fc.Arbitrary<LogKey> = fc
  .tuple(
    fc.constantFrom<Application>('player', 'builder'),
    fc.nat(20),
    fc.oneof(
      fc.constantFrom('a', 'b', 'z', '\u{1f600}', '\uffff'),
      fc.string({ minLength: 1, maxLength: 3 }),
    ),
  )
  .map(([application, timestamp, id]) => logKey(application, timestamp, id));
const anyKeys = fc.uniqueArray(anyKey, {
  maxLength: 120,
  selector: ({ partitionKey, sortKey }) => partitionKey + sortKey,
});

const stored = (key: LogKey): StoredDelivery => ({
  key,
  createdAt: 0,
  readableUntil: 1,
  action: undefined,
  rid: undefined,
  record: undefined,
});

/** A table in memory. Every read gives as many items as `page`, or fewer. */
function tableOf(keys: readonly LogKey[], page: number) {
  const counts = { reads: 0, evaluated: 0, mostAhead: 0 };
  const read: ReadLane = async (range, after, limit) => {
    counts.reads += 1;
    const rest = keys
      .filter(({ partitionKey }) => partitionKey === range.partitionKey)
      .map(({ sortKey }) => sortKey)
      .filter((key) => compareSortKeys(key, range.from) >= 0 && compareSortKeys(key, range.until) < 0)
      .filter((key) => after === undefined || compareSortKeys(key, after) > 0)
      .sort(compareSortKeys);
    const items = rest.slice(0, Math.min(page, limit));
    counts.evaluated += items.length;
    return {
      deliveries: items.map((sortKey) => stored({ partitionKey: range.partitionKey, sortKey })),
      evaluated: items.length,
      // DynamoDB gives a key to go on after also at the very end.
      next: items.length < Math.min(page, limit) ? undefined : items.at(-1),
    };
  };
  return { read, counts };
}

async function readAll(
  read: ReadLane,
  limit: number,
  options: { isWanted?: (delivery: StoredDelivery) => boolean; hasTime?: () => boolean } = {},
) {
  const { isWanted = () => true, hasTime = () => true } = options;
  const answers: LogKey[][] = [];
  let after: DeliveryPosition | undefined;
  do {
    const { deliveries, next } = await collectDeliveries(read, {
      ranges: RANGES,
      after,
      limit,
      isWanted,
      hasTime,
    });
    answers.push(deliveries.map(({ key }) => key));
    // A cursor is text on its way to the caller and back.
    after = next && parsePosition(formatPosition(next));
    if (answers.length > 10_000) throw new Error('it does not come to an end');
  } while (after !== undefined);
  return answers;
}

describe('answers with deliveries', () => {
  test('joined together are every delivery once, in order, however they were cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyKeys,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (keys, page, limit, hasTime) => {
          const { read } = tableOf(keys, page);
          const answers = await readAll(read, limit, { hasTime: () => hasTime });
          expect(answers.flat()).toEqual(keys.toSorted(comparePositions));
          for (const answer of answers) expect(answer.length).toBeLessThanOrEqual(limit);
        },
      ),
    );
  });

  test('are full while there is more and there is time', async () => {
    await fc.assert(
      fc.asyncProperty(anyKeys, fc.integer({ min: 1, max: 30 }), async (keys, limit) => {
        const answers = await readAll(tableOf(keys, 7).read, limit);
        for (const answer of answers.slice(0, -1)) expect(answer.length).toBe(limit);
      }),
    );
  });

  test('have only what is wanted', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyKeys,
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        async (keys, limit, hasTime) => {
          const isWanted = ({ key }: StoredDelivery) => key.sortKey.endsWith('a');
          const answers = await readAll(tableOf(keys, 5).read, limit, { isWanted, hasTime: () => hasTime });
          expect(answers.flat()).toEqual(
            keys.filter((key) => isWanted(stored(key))).toSorted(comparePositions),
          );
        },
      ),
    );
  });
});

describe('reading deliveries', () => {
  const many = Array.from({ length: 8_000 }, (_, i) => logKey('player', i % 1000, `id-${i}`));

  test('reads little more of a table than an answer holds, if it wants everything', async () => {
    const { read, counts } = tableOf(many, 2_000);
    const limit = 1_000;
    await collectDeliveries(read, {
      ranges: RANGES,
      after: undefined,
      limit,
      isWanted: () => true,
      hasTime: () => true,
    });
    expect(counts.evaluated).toBeLessThan(3 * limit);
  });

  test('reads whole pages of a table that has nothing that is wanted', async () => {
    const { read, counts } = tableOf(many, 500);
    await collectDeliveries(read, {
      ranges: RANGES,
      after: undefined,
      limit: 10,
      isWanted: () => false,
      hasTime: () => true,
    });
    expect(counts.reads).toBeLessThan(70);
  });

  test('that fails is an error at first, and later, when the time is over, an answer with what was read', async () => {
    const { read } = tableOf(many, 100);
    let reads = 0;
    const failing: ReadLane = (...input) =>
      reads++ < RANGES.length ? read(...input) : Promise.reject(new Error('of the store'));
    const options = { ranges: RANGES, after: undefined, limit: 5_000, isWanted: () => true };
    await expect(collectDeliveries(failing, { ...options, hasTime: () => true })).rejects.toThrow(
      'of the store',
    );
    reads = 0;
    let asked = 0;
    const answer = await collectDeliveries(failing, { ...options, hasTime: () => asked++ === 0 });
    expect(answer.deliveries.length).toBeGreaterThan(0);
    expect(answer.next).toBeDefined();
    await expect(
      collectDeliveries(() => Promise.reject(new Error('at once')), { ...options, hasTime: () => false }),
    ).rejects.toThrow('at once');
  });
});

describe('a cursor', () => {
  test.each(['', 'x', formatPosition({ partitionKey: 'p', sortKey: 's' }).slice(0, -1), 'bm90IG91cnM'])(
    'that is damaged is none: %j',
    (text) => expect(parsePosition(text)).toBeUndefined(),
  );
});
