import * as z from 'zod/mini';
import { EVENT_ACTIONS } from '../../event/actions.ts';
import { APPLICATIONS, PRODUCER_SOURCES } from '../../event/bus-events.ts';
import { address, ECS_VERSION, flag, instant, securityLogSchema, text } from '../security-log.ts';
import { eventId, storedAt } from '../stored-fields.ts';

/** A log in strict ECS (docs/formats.md#ecs), as shared/log/formats/ecs.ts writes it. */

const log = securityLogSchema.shape;
const label = log.label.shape;
const userAgent = log.user_agent.def.innerType.shape;

const { app_type: _, customer_id, request_id, player_version, ...otherLabels } = label;

/** A boolean is a text here. */
const asText = (kind: z.ZodMiniOptional): z.ZodMiniType =>
  kind.def.innerType === flag ? z.optional(z.enum(['true', 'false'])) : (kind as z.ZodMiniType);

const labels = Object.fromEntries(
  Object.entries({ ...userAgent.os.def.innerType.shape, ...otherLabels }).map(([name, kind]) => [
    name,
    asText(kind),
  ]),
);

export const ecsSchema = z.strictObject({
  '@timestamp': instant,
  ecs: z.strictObject({ version: z.literal(ECS_VERSION) }),
  event: z.strictObject({
    id: eventId,
    kind: z.literal('event'),
    category: z.array(z.enum(['authentication', 'web'])).check(z.minLength(1)),
    type: z.array(z.enum(['start', 'info', 'access'])).check(z.minLength(1)),
    action: z.enum(EVENT_ACTIONS),
    outcome: z.optional(z.enum(['success', 'failure'])),
    module: z.literal('easysend'),
    dataset: z.enum(PRODUCER_SOURCES),
    created: storedAt,
    ingested: storedAt,
    timezone: log.event.shape.timezone,
  }),
  service: z.strictObject({
    name: z.enum(APPLICATIONS),
    version: player_version,
    environment: log.service.def.innerType.shape.environment,
  }),
  organization: z.optional(
    z.strictObject({ id: customer_id, name: log.organization.def.innerType.shape.name }),
  ),
  client: z.optional(z.strictObject({ ip: log.client.def.innerType.shape.ip, geo: log.geo })),
  source: z.optional(z.strictObject({ ip: address })),
  related: z.optional(z.strictObject({ ip: z.array(address) })),
  url: log.url,
  user_agent: z.optional(
    z.strictObject({
      original: userAgent.original,
      name: userAgent.name,
      device: userAgent.device,
      os: z.optional(z.strictObject({ name: z.optional(text), ...log.os.def.innerType.shape })),
    }),
  ),
  http: z.optional(z.strictObject({ request: z.strictObject({ id: request_id }) })),
  labels: z.optional(z.strictObject(labels)),
});
