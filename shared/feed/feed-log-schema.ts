import * as z from 'zod/mini';
import { securityLogSchema } from '../log/security-log.ts';
import { eventId, storedAt } from '../log/stored-fields.ts';

const { event, ...others } = securityLogSchema.shape;

/** A log as the feed shows it in the published format (docs/contract.md#the-feed); shared/feed/feed-log.ts writes it. */
export const feedLogSchema = z.strictObject({
  ...others,
  event: z.strictObject({ id: eventId, created: storedAt, ...event.shape }),
});
