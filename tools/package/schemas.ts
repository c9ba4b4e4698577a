import * as z from 'zod/mini';
import { feedLogSchema } from '../../shared/feed/feed-log-schema.ts';
import { ecsSchema } from '../../shared/log/formats/ecs-schema.ts';
import { ocsfSchema } from '../../shared/log/formats/ocsf/schema.ts';
import { securityLogSchema } from '../../shared/log/security-log.ts';
import { settingsSchema } from '../../shared/settings/schema.ts';
import { securityEventDetailSchema } from '../publisher/security-event-detail.ts';

/** The JSON Schemas (draft 2020-12) of the package: of what is published, what is read and how a stack is set up. */

export type JsonSchema = Readonly<Record<string, unknown>>;

const schemaOf = (title: string, schema: z.ZodMiniType): JsonSchema => ({
  title,
  ...(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema),
});

/** The `Detail` of an event. The service corrects what does not conform, and stores it all the same. */
export const securityEvent: JsonSchema = schemaOf('SecurityEventDetail', securityEventDetailSchema);

/** A log of a window. */
export const securityLog: JsonSchema = schemaOf('SecurityLog', securityLogSchema);

/** A log of the feed. */
export const feedLog: JsonSchema = schemaOf('FeedLog', feedLogSchema);

/** A log with `format=ecs`. */
export const ecsLog: JsonSchema = schemaOf('EcsLog', ecsSchema);

/** A log with `format=ocsf`. */
export const ocsfEvent: JsonSchema = schemaOf('OcsfEvent', ocsfSchema);

/** `infra/settings.json`. */
export const settings: JsonSchema = schemaOf('Settings', settingsSchema);
