import * as z from 'zod/mini';
import { DROPPABLE_FIELDS, HASHABLE_FIELDS } from '../log/personal-data.ts';

/** The setting `personalData` (docs/personal-data.md). */

const REQUIRED = 'not ecs.version, @timestamp, event.action or label.app_type, which every log has';
const DROPPED = `a field of the log, ${REQUIRED}: ${DROPPABLE_FIELDS.join(', ')}`;
const HASHED = `a field of the log whose value is a text, ${REQUIRED}: ${HASHABLE_FIELDS.join(', ')}`;

export const personalDataSchema = z
  .strictObject({
    drop: z._default(
      z
        .array(z.enum(DROPPABLE_FIELDS, DROPPED))
        .check(z.describe('The fields that no stored log has: any but those that every log has.')),
      [],
    ),
    hash: z._default(
      z
        .array(z.enum(HASHABLE_FIELDS, HASHED))
        .check(
          z.describe(
            'The fields of which only a keyed hash is stored: any text but those that every log has. No field may be in drop too.',
          ),
        ),
      [],
    ),
  })
  .check(({ value: { drop, hash }, issues }) => {
    const dropped = new Set<string>(drop);
    for (const [i, field] of hash.entries())
      if (dropped.has(field))
        issues.push({
          code: 'custom',
          input: field,
          path: ['hash', i],
          message: 'a field that personalData.drop does not name',
        });
  }, z.describe('Fields that are dropped or hashed before a log is stored (docs/personal-data.md).'));
export type PersonalDataSettings = z.infer<typeof personalDataSchema>;
