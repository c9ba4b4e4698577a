import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHARD_COUNT, SHARDS, shardOf } from '../../../shared/store/shards.ts';

test('every id has one of the shards, always the same', () => {
  expect(SHARDS).toEqual(Array.from({ length: SHARD_COUNT }, (_, shard) => shard));
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (id) => {
      expect(SHARDS).toContain(shardOf(id));
      expect(shardOf(id)).toBe(shardOf(id));
    }),
  );
});

test('the shards of key version 1 are those under which logs are stored already', () => {
  expect(SHARD_COUNT).toBe(8);
  expect(['my-own-id', '1001', 'é', ''].map(shardOf)).toEqual([6, 1, 6, 0]);
});
