import { crc32 } from 'node:zlib';

/** How the logs of an application are spread over the partitions of the table (docs/architecture.md#one-item-one-write-unit). */

/** The version of the key. Another shard count is another version: it would look for stored logs in other shards. */
export const KEY_VERSION = 1;

/** How many shards, and so partitions, each application has. */
export const SHARD_COUNT = 8;

/** Every shard. */
export const SHARDS: readonly number[] = Array.from({ length: SHARD_COUNT }, (_, shard) => shard);

/** @returns the shard of the log with this `event.id`, always the same */
export const shardOf = (id: string): number => crc32(id) % SHARD_COUNT;
