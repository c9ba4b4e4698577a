import * as z from 'zod/mini';
import { LONG_TEXT_LIMIT, TEXT_LIMIT } from '../../shared/log/field-limits.ts';
import { address, flag, instant, longText, securityLogSchema } from '../../shared/log/security-log.ts';

/** The fields of an event, as the catalogue shows them. */

export interface Field {
  /** With the names of the groups it lies in: `user_agent.os.is_mobile_device`. */
  readonly name: string;
  readonly kind: string;
  readonly description: string;
}

/** In the order of the log. */
export const FIELDS: readonly Field[] = fieldsOf(securityLogSchema, '');

function fieldsOf(schema: z.core.$ZodType, name: string): Field[] {
  const kind = schema instanceof z.ZodMiniOptional ? schema.def.innerType : schema;
  if (kind instanceof z.ZodMiniObject)
    return Object.entries(kind.shape).flatMap(([member, of]) =>
      fieldsOf(of, name === '' ? member : `${name}.${member}`),
    );
  const description = z.globalRegistry.get(schema)?.description ?? 'The version of ECS that the log follows.';
  return [{ name, kind: kindOf(kind), description }];
}

function kindOf(kind: z.core.$ZodType): string {
  if (kind instanceof z.ZodMiniEnum) return `one of ${kind.options.length}`;
  if (kind === flag) return 'boolean';
  if (kind === address) return 'address';
  if (kind === instant) return 'time';
  return `text, ${kind === longText ? LONG_TEXT_LIMIT : TEXT_LIMIT}`;
}

/** The whole names of the fields that a value has. */
export const namesIn = (value: object, prefix = ''): string[] =>
  Object.entries(value).flatMap(([member, of]) =>
    typeof of === 'object' && of !== null ? namesIn(of, `${prefix}${member}.`) : `${prefix}${member}`,
  );
