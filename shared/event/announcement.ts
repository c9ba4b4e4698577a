import * as z from 'zod/mini';
import { type LogKey, logKey } from '../store/log-key.ts';
import { SECURITY_LOG_STORED, SERVICE_SOURCE } from './bus-events.ts';
import type { IdentifiedLog } from './security-event.ts';

/**
 * `Security Log Stored`, which the service says on the bus of every log it has stored: a public extension point that
 * any rule can subscribe to (docs/custom-services.md). It is said at least once, with the same id each time.
 */

/** What the deliver function takes from it. The log is read back from the table: an announcement could be forged. */
const storedSchema = z.object({
  source: z.literal(SERVICE_SOURCE),
  'detail-type': z.literal(SECURITY_LOG_STORED),
  detail: z.object({
    key: z.object({
      partitionKey: z.string().check(z.minLength(1)),
      sortKey: z.string().check(z.minLength(1)),
    }),
  }),
});

/**
 * The `Detail` of the announcement, as JSON.
 *
 * @param log the canonical JSON of the log that is in the store: of two events with one key, the first one's
 */
export function storedDetail(
  { application, timestamp, id }: Omit<IdentifiedLog, 'log'>,
  log: string,
): string {
  const known = JSON.stringify({ id, key: logKey(application, timestamp, id) });
  return `${known.slice(0, -1)},"log":${log}}`;
}

/**
 * @param value the parsed JSON of the EventBridge event
 * @returns the key of the log, or undefined if this is no such announcement
 */
export function storedLogKey(value: unknown): LogKey | undefined {
  const result = storedSchema.safeParse(value);
  return result.success ? result.data.detail.key : undefined;
}
