import * as z from 'zod/mini';
import { feedLogSchema } from '../../shared/feed/feed-log-schema.ts';
import { ecsSchema } from '../../shared/log/formats/ecs-schema.ts';
import { ocsfSchema } from '../../shared/log/formats/ocsf/schema.ts';
import { securityLogSchema } from '../../shared/log/security-log.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import type { JsonSchema } from '../package/schemas.ts';

/** The schemas that the document has once, by their names in it. */
const NAMED = {
  SecurityLog: securityLogSchema,
  FeedLog: feedLogSchema,
  EcsLog: ecsSchema,
  OcsfEvent: ocsfSchema,
} as const satisfies Readonly<Record<string, z.ZodMiniType>>;

export interface BodySchemas {
  /** For `components.schemas`. */
  readonly named: Readonly<Record<string, JsonSchema>>;
  /** The body of an operation's answer; it refers to those that have names. */
  bodyOf(operationId: string, mediaType: string): JsonSchema;
}

const bodyId = (operationId: string, mediaType: string): string => `${operationId} ${mediaType}`;

export function bodySchemas(operations: readonly Operation[]): BodySchemas {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  // A clone, because two operations may have the same schema, which has one id only.
  for (const { id, bodies } of operations)
    for (const [type, body] of Object.entries(bodies)) registry.add(z.clone(body), { id: bodyId(id, type) });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `#/components/schemas/${id}` });
  const schemaOf = (id: string): JsonSchema => {
    const { $schema: _, $id: __, ...schema } = schemas[id] as JsonSchema;
    return schema;
  };
  return {
    named: Object.fromEntries(Object.keys(NAMED).map((id) => [id, schemaOf(id)])),
    bodyOf: (operationId, mediaType) => schemaOf(bodyId(operationId, mediaType)),
  };
}
