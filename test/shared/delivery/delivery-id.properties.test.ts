import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveryId, placeOfDelivery } from '../../../shared/delivery/delivery-id.ts';
import type { Application } from '../../../shared/event/bus-events.ts';
import { logKey } from '../../../shared/store/log-key.ts';

const AT = Date.UTC(2026, 10, 22, 19, 5, 42, 316);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const log = fc.record({
  application: fc.constantFrom<Application>('player', 'builder'),
  timestamp: fc.integer({ min: 0, max: Date.UTC(9999, 11, 31, 23, 59, 59, 999) }),
  id: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.stringMatching(/^[\w-]{1,20}$/),
    fc.constantFrom('sha256-', `sha256-${sha256('a b')}`, 'a b', sha256('a b')),
  ),
});
type Log = typeof log extends fc.Arbitrary<infer T> ? T : never;
const idOf = ({ application, timestamp, id }: Log): string => deliveryId(logKey(application, timestamp, id));

describe('the id of a delivery', () => {
  test('tells application, time and id, where that is safe in a header and in a file name', () => {
    expect(deliveryId(logKey('player', AT, '3f0c-Ab_9'))).toBe('player-20261122T190542316Z-3f0c-Ab_9');
    expect(deliveryId(logKey('builder', 0, '1001'))).toBe('builder-19700101T000000000Z-1001');
  });

  test.each(['a/b', '../x', 'line\nbreak', 'ümlaut', 'a b', `sha256-${sha256('a b')}`])(
    'has the SHA-256 of the id %j, which is not safe or looks like one',
    (id) => {
      expect(deliveryId(logKey('player', AT, id))).toBe(`player-20261122T190542316Z-sha256-${sha256(id)}`);
    },
  );

  test('is never the same for two logs, and always for one', () => {
    const pairs = fc.oneof(
      fc.tuple(log, log),
      fc.tuple(log, fc.constantFrom('application', 'timestamp', 'id')).chain(([one, field]) =>
        fc.tuple(
          fc.constant(one),
          log.map((other) => ({ ...one, [field]: other[field as keyof Log] })),
        ),
      ),
    );
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const same = a.application === b.application && a.timestamp === b.timestamp && a.id === b.id;
        expect(idOf(a) === idOf(b)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });

  test('does not depend on how the log is kept: on the version of its key, or its shard', () => {
    const { sortKey } = logKey('player', AT, '1001');
    const ids = ['1#player#0', '1#player#7', '2#player#13'].map((partitionKey) =>
      deliveryId({ partitionKey, sortKey }),
    );
    expect(new Set(ids).size).toBe(1);
  });

  test('is safe in an HTTP header and as the name of a file', () => {
    fc.assert(
      fc.property(log, (each) => {
        expect(idOf(each)).toMatch(/^[\w-]{1,255}$/);
      }),
    );
  });
});

describe('the place of a delivery', () => {
  test('is where its log is', () => {
    fc.assert(
      fc.property(log, (each) => {
        const { application, timestamp } = each;
        expect(placeOfDelivery(idOf(each))).toEqual({ application, timestamp });
      }),
    );
  });

  test.each([
    '',
    'my-own-id',
    'viewer-20261122T190542316Z-1',
    'player-20261122T190542316Z-',
    'player-20261131T190542316Z-1',
    'player-20261122T190542316Z-a/b',
  ])('is unknown of what is no id: %j', (id) => {
    expect(placeOfDelivery(id)).toBeUndefined();
  });
});
