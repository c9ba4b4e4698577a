import * as z from 'zod/mini';
import { securityLogSchema } from '../../shared/log/security-log.ts';

const { ecs, event, label, ...groups } = securityLogSchema.shape;

/**
 * The `Detail` that an application publishes: a security log with whatever the application knows
 * (docs/contract.md#publishing-an-event). The service stores what this schema accepts as it is. It corrects other values
 * and stores them too, so the schema helps to write an event and is no gate.
 */
export const securityEventDetailSchema = z.strictObject({
  ...groups,
  ecs: z.optional(z.partial(ecs)),
  /** ISO 8601. */
  '@timestamp': z.optional(z.string()),
  event: z.extend(event, { id: z.optional(z.string()) }),
  label: z.optional(z.partial(label)),
});

type Detail = z.infer<typeof securityEventDetailSchema>;

/** An event as an application writes it: `@timestamp` may be a Date. */
export type SecurityEventDetail = Omit<Detail, '@timestamp'> & {
  readonly '@timestamp'?: string | Date | undefined;
};
