import { APPLICATIONS, type Application } from '../event/bus-events.ts';
import { sha256 } from '../sha256.ts';
import { type LogKey, partitionApplication, sortKeyId, sortKeyTimestamp } from '../store/log-key.ts';
import { toEpoch } from '../time.ts';

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

const DELIVERY_ID = /^([a-z]+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[\w-]+$/;

/**
 * Where the log with this id is. The id alone does not tell its key, because it may have a hash instead of the `event.id`.
 *
 * @returns the application, and `@timestamp` in epoch milliseconds; undefined if no log has such an id
 */
export function placeOfDelivery(
  id: string,
): { readonly application: Application; readonly timestamp: number } | undefined {
  const [, name, ...parts] = DELIVERY_ID.exec(id) ?? [];
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = parts.map(Number);
  const application = APPLICATIONS.find((each) => each === name);
  const wholeSecond = toEpoch({ year, month, day, hour, minute, second });
  if (application === undefined || wholeSecond === undefined) return undefined;
  return { application, timestamp: wholeSecond + millisecond };
}
