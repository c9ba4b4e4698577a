import { sha256 } from '../../shared/sha256.ts';
import {
  type LogKey,
  partitionApplication,
  sortKeyId,
  sortKeyTimestamp,
} from '../../shared/store/log-key.ts';

/** The prefix of a hashed id. An id that begins with it is hashed, too, so that no id looks like the hash of another. */
const HASHED = 'sha256-';

/**
 * The id under which a log is delivered, the same in every attempt. It is made of what identifies a log
 * (docs/contract.md#publishing-an-event): its application, `@timestamp` and `event.id`, such as
 * `player-20261122T190542316Z-1001`. An `event.id` that is not safe in an HTTP header and in a file name is replaced by
 * its SHA-256: `player-20261122T190542316Z-sha256-<hex>`.
 *
 * @param key of the log; its version and its shard do not matter
 * @returns the same id for copies of a log, never the same for two logs
 */
export function deliveryId({ partitionKey, sortKey }: LogKey): string {
  const occurred = new Date(sortKeyTimestamp(sortKey)).toISOString().replace(/[-:.]/g, '');
  return `${partitionApplication(partitionKey)}-${occurred}-${safe(sortKeyId(sortKey))}`;
}

const safe = (id: string): string =>
  /^[\w-]+$/.test(id) && !id.startsWith(HASHED) ? id : HASHED + sha256(id);
