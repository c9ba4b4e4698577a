import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ecsLog, toEcs } from '../../../../shared/log/formats/ecs.ts';
import { LogFields } from '../../../../shared/log/log-fields.ts';
import { securityLogSchema } from '../../../../shared/log/security-log.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../../fixtures/any-security-log.ts';
import { ECS_SCHEMAS, ecsProblems } from '../../../fixtures/ecs-schema.ts';

describe('any log', () => {
  test('is one that the published schema accepts', () => {
    fc.assert(
      fc.property(anySecurityLog, (log) => {
        expect(securityLogSchema.parse(log)).toEqual(log);
      }),
    );
  });

  test.each(Object.entries(ECS_SCHEMAS))('in ECS is valid against the schema of %s', (_, schema) => {
    fc.assert(
      fc.property(anySecurityLog, anyEventId, anyCreatedAt, (log, id, createdAt) => {
        const written = ecsLog({ id, json: Buffer.from(JSON.stringify(log)), createdAt });
        const document = JSON.parse(written.toString());
        expect(ecsProblems(schema, document)).toEqual([]);
        expect(document).toEqual(JSON.parse(JSON.stringify(toEcs(log, id, createdAt))));
      }),
      { numRuns: 300 },
    );
  });

  test('in ECS has lost no value but the version of ECS', () => {
    fc.assert(
      fc.property(anySecurityLog, anyEventId, anyCreatedAt, (log, id, createdAt) => {
        const kept = valuesIn(JSON.parse(JSON.stringify(toEcs(log, id, createdAt))));
        const fields = new LogFields(log);
        fields.take('ecs.version');
        for (const value of Object.values(fields.rest())) expect(kept).toContain(value);
      }),
    );
  });
});

const valuesIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
