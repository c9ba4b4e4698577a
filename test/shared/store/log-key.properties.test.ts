import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';
import {
  compareSortKeys,
  divideRange,
  keyRanges,
  logKey,
  sortKeyTimestamp,
} from '../../../shared/store/log-key.ts';
import { LAST_INSTANT } from '../../../shared/time.ts';

const timestamps = fc.integer({ min: 0, max: LAST_INSTANT });
/** Ids of every kind of character: surrogate pairs and the code points above them sort differently in UTF-16. */
const ids = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).map((id) => id.toWellFormed());
const events = fc.record({ application: fc.constantFrom(...APPLICATIONS), timestamp: timestamps, id: ids });

describe('the key of a log', () => {
  test('key order is time order, then the order of the ids in UTF-8 bytes', () => {
    fc.assert(
      fc.property(events, events, (a, b) => {
        const order = compareSortKeys(
          logKey('player', a.timestamp, a.id).sortKey,
          logKey('player', b.timestamp, b.id).sortKey,
        );
        const expected = a.timestamp - b.timestamp || Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
        expect(Math.sign(order)).toBe(Math.sign(expected));
      }),
    );
  });

  test('the order of keys is the order of their UTF-8 bytes, as DynamoDB sorts them', () => {
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        expect(Math.sign(compareSortKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  test('tells its timestamp', () => {
    fc.assert(
      fc.property(events, ({ application, timestamp, id }) => {
        expect(sortKeyTimestamp(logKey(application, timestamp, id).sortKey)).toBe(timestamp);
      }),
    );
  });

  test('a window holds the key of an event exactly if it holds its time, in exactly one range', () => {
    const windows = fc.tuple(timestamps, timestamps, timestamps);
    fc.assert(
      fc.property(events, windows, ({ application, id }, [from, until, timestamp]) => {
        const key = logKey(application, timestamp, id);
        const holding = keyRanges({ from, until }, APPLICATIONS).filter(
          (range) =>
            range.partitionKey === key.partitionKey &&
            compareSortKeys(range.from, key.sortKey) <= 0 &&
            compareSortKeys(key.sortKey, range.until) <= 0,
        );
        expect(holding.length).toBe(from <= timestamp && timestamp < until ? 1 : 0);
      }),
    );
  });

  test('the parts of a divided range hold what comes after the key it is divided at, each in exactly one', () => {
    const instants = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 1, max: 12 }), fc.nat(60), (sorted, count, timestamp) => {
        const [from = 0, start = 0, until = 0] = sorted.sort((a, b) => a - b);
        const [range] = keyRanges({ from, until }, ['player']);
        if (range === undefined) throw new Error('the window is not empty');
        const after = logKey('player', start, 'b').sortKey;
        const parts = divideRange(range, after, count);
        expect(parts.length).toBeLessThanOrEqual(count);
        const { sortKey } = logKey('player', timestamp, 'c');
        const holding = parts.filter(
          (part, i) => sortKey > (i === 0 ? after : part.from) && sortKey <= part.until,
        );
        expect(holding.length).toBe(timestamp >= start && timestamp < until ? 1 : 0);
      }),
    );
  });

  test('windows tile: consecutive windows hold every event in exactly one of them', () => {
    fc.assert(
      fc.property(events, fc.uniqueArray(timestamps, { minLength: 2, maxLength: 8 }), (event, cuts) => {
        const key = logKey(event.application, event.timestamp, event.id);
        const bounds = [0, ...cuts.sort((a, b) => a - b), LAST_INSTANT + 1];
        const holding = bounds
          .slice(1)
          .flatMap((until, i) =>
            keyRanges({ from: bounds[i] ?? 0, until }, [event.application]).filter(
              (range) =>
                range.partitionKey === key.partitionKey &&
                key.sortKey >= range.from &&
                key.sortKey <= range.until,
            ),
          );
        expect(holding.length).toBe(1);
      }),
    );
  });
});
