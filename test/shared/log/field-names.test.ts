import { expect, test } from 'vitest';
import type { z } from 'zod/mini';
import { FLAG_FIELDS, LOG_FIELD_NAMES } from '../../../shared/log/field-names.ts';
import { flag, securityLogSchema } from '../../../shared/log/security-log.ts';

/** The whole names of a schema's fields, in its order, each with what it holds. */
function fieldsOf(schema: z.ZodMiniObject, prefix = ''): { name: string; kind: unknown }[] {
  return Object.entries(schema.shape).flatMap(([name, given]) => {
    const { innerType: kind = given } = (given as z.ZodMiniType).def as { innerType?: unknown };
    const isGroup = (kind as z.ZodMiniObject).shape !== undefined;
    return isGroup ? fieldsOf(kind as z.ZodMiniObject, `${prefix}${name}.`) : [{ name: prefix + name, kind }];
  });
}

const fields = fieldsOf(securityLogSchema);

test('the names of the fields are those of the schema, in its order', () => {
  expect(LOG_FIELD_NAMES).toEqual(fields.map(({ name }) => name));
});

test('the flags are the fields that the schema has as booleans', () => {
  expect(FLAG_FIELDS).toEqual(fields.filter(({ kind }) => kind === flag).map(({ name }) => name));
});
