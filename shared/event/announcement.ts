import * as z from 'zod/mini';
import { type LogKey, logKey } from '../store/log-key.ts';
import { type Application, SECURITY_LOG_STORED, SERVICE_SOURCE } from './bus-events.ts';
import type { IdentifiedLog } from './security-event.ts';

/**
 * `Security Log Stored`, which the service publishes for each stored log: a public extension point that any rule can
 * subscribe to (docs/custom-services.md). It is published at least once, with the same id each time.
 */

/** The part that the deliver function uses. It reads the log from the table, because an announcement could be forged. */
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
 * @param log the canonical JSON of the log in the store: if two events have the same key, the log of the first
 */
export function storedDetail(
  { application, timestamp, id }: Omit<IdentifiedLog, 'log'>,
  log: string,
): string {
  const known = JSON.stringify({ id, key: logKey(application, timestamp, id) });
  return `${known.slice(0, -1)},"log":${log}}`;
}

/**
 * The event that lets a stored log be delivered once more, as JSON: what the rule sends, without the log.
 *
 * @param timestamp `@timestamp`, epoch milliseconds
 * @param id `event.id`
 */
export const replayedAnnouncement = (application: Application, timestamp: number, id: string): string =>
  JSON.stringify({
    source: SERVICE_SOURCE,
    'detail-type': SECURITY_LOG_STORED,
    detail: { id, key: logKey(application, timestamp, id) },
  });

/**
 * @param value the parsed JSON of the EventBridge event
 * @returns the key of the log, or undefined if the event is not such an announcement
 */
export function storedLogKey(value: unknown): LogKey | undefined {
  const result = storedSchema.safeParse(value);
  return result.success ? result.data.detail.key : undefined;
}
