import * as z from 'zod/mini';
import { keyNameSchema } from '../keys/key-secret.ts';
import { whole } from './formats.ts';

/** The setting `consumers` (docs/settings.md#alarms): who must go on reading. */

const MOST_CONSUMERS = 10;
/** By default a consumer may be silent so long, minutes, if logs are kept long enough. */
const SILENT_AFTER = 60;
const HOUR = 60;
/** CloudWatch evaluates an alarm over one day at most. Minutes. */
const DAY = 24 * HOUR;
const MOST_RETENTION = 8760 * HOUR;

const consumerSchema = z.strictObject({
  key: keyNameSchema,
  silentAfterMinutes: z.optional(whole(5, DAY, 'minutes', 'After how long without reading it is silent.')),
  behindAfterMinutes: z.optional(
    whole(5, MOST_RETENTION, 'minutes', 'How old a log may be that it has not read from the feed.'),
  ),
});
type Consumer = z.infer<typeof consumerSchema>;

const CONSUMERS = `at most ${MOST_CONSUMERS}, each with the name of another key: { "key": ..., "silentAfterMinutes": 5 to ${DAY}, "behindAfterMinutes": 5 or more }`;

export const consumersSchema = z._default(
  z.array(consumerSchema, CONSUMERS).check(
    z.maxLength(MOST_CONSUMERS, CONSUMERS),
    z.refine((consumers) => new Set(consumers.map(({ key }) => key)).size === consumers.length, CONSUMERS),
    z.describe(
      'The keys of the consumers that must go on reading. An alarm goes off if one is silent, or so far behind that logs may expire unread.',
    ),
  ),
  [],
);

/** A consumer with how long it may be silent and behind, minutes. */
export type WatchedConsumer = { readonly [Name in keyof Consumer]-?: NonNullable<Consumer[Name]> };

/** Fills in what depends on how long logs are kept: half of that time at most. */
export const watchedConsumer = (
  { key, silentAfterMinutes, behindAfterMinutes }: Consumer,
  retentionHours: number,
): WatchedConsumer => {
  const half = (retentionHours * HOUR) / 2;
  return {
    key,
    silentAfterMinutes: silentAfterMinutes ?? Math.min(SILENT_AFTER, half),
    behindAfterMinutes: behindAfterMinutes ?? half,
  };
};

/** What is looked at of the settings. */
interface Watched {
  readonly consumers: readonly Consumer[];
  readonly retentionHours: number;
  readonly canary?: { readonly key: string } | undefined;
}

/** Whether each alarm on a consumer goes off before logs expire unread. */
export const warnsInTime = ({ consumers, retentionHours }: Watched): boolean =>
  consumers
    .map((consumer) => watchedConsumer(consumer, retentionHours))
    .every((each) => Math.max(each.silentAfterMinutes, each.behindAfterMinutes) < retentionHours * HOUR);

/** Whether no consumer has the key of the canary, whose requests would hide its silence. */
export const canaryHidesNone = ({ consumers, canary }: Watched): boolean =>
  consumers.every(({ key }) => key !== canary?.key);
