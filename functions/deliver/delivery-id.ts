import { createHash } from 'node:crypto';
import {
  type LogKey,
  partitionApplication,
  sortKeyId,
  sortKeyTimestamp,
} from '../../shared/store/log-key.ts';

/** Marks the hash of an id. No id that begins with it is taken as it is, so that none passes for a hash. */
const HASHED = 'sha256-';

/**
 * The id under which a log is delivered, in every attempt: what tells one log from another (docs/contract.md, "The
 * event a producer publishes"), which is its application, `@timestamp` and `event.id`, such as
 * `player-20261122T190542316Z-1001`. It is safe in an HTTP header and in a file name: an `event.id` that is not
 * appears as its SHA-256, `player-20261122T190542316Z-sha256-<hex>`.
 *
 * @param key of the log; its version and its shard do not matter
 * @returns the same for copies of a log, never the same for two logs
 */
export function deliveryId({ partitionKey, sortKey }: LogKey): string {
  const occurred = new Date(sortKeyTimestamp(sortKey)).toISOString().replace(/[-:.]/g, '');
  return `${partitionApplication(partitionKey)}-${occurred}-${safe(sortKeyId(sortKey))}`;
}

const safe = (id: string): string =>
  /^[\w-]+$/.test(id) && !id.startsWith(HASHED) ? id : HASHED + createHash('sha256').update(id).digest('hex');
