import * as z from 'zod/mini';
import { APPLICATIONS } from '../../../shared/event/bus-events.ts';

/** One delivery of the answer (docs/contract.md#deliveries). Members that a later release adds are kept. */
const schema = z.looseObject({
  id: z.string(),
  state: z.string(),
  app_type: z.enum(APPLICATIONS),
  '@timestamp': z.iso.datetime(),
  event_id: z.string(),
  attempts: z.optional(z.number()),
  status: z.optional(z.number()),
  reason: z.optional(z.string()),
  last_attempt_at: z.optional(z.string()),
  next_attempt_at: z.optional(z.string()),
});

export type DeliveryRecord = z.infer<typeof schema>;

/**
 * @param line a line of the answer
 * @throws Error if it is none, which another release may have sent
 */
export function readDeliveryRecord(line: string): DeliveryRecord {
  const result = schema.safeParse(JSON.parse(line));
  if (result.success) return result.data;
  throw new Error(`the answer has a delivery that cannot be read: ${z.prettifyError(result.error)}`);
}

/** The states of docs/contract.md#deliveries. */
export const STATES = ['delivered', 'waiting', 'failed', 'expired', 'unknown'] as const;
