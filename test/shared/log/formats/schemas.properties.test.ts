import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { EVENT_ACTIONS } from '../../../../shared/event/actions.ts';
import { feedFields } from '../../../../shared/feed/feed-log.ts';
import { feedLogSchema } from '../../../../shared/feed/feed-log-schema.ts';
import { ecsSchema } from '../../../../shared/log/formats/ecs-schema.ts';
import { logWriter, type OtherFormat } from '../../../../shared/log/formats/log-format.ts';
import { ocsfSchema } from '../../../../shared/log/formats/ocsf/schema.ts';
import { OCSF_VERSIONS } from '../../../../shared/log/formats/ocsf.ts';
import type { SecurityLog } from '../../../../shared/log/security-log.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../../fixtures/any-security-log.ts';
import { FULL_LOG, logWithAction } from '../../../fixtures/full-log.ts';

/** The schema of each format has what the format writes, and nothing else. */

type Write = (log: SecurityLog, id: string, createdAt: number) => unknown;

const written =
  (format: OtherFormat): Write =>
  (log, id, createdAt) =>
    JSON.parse(
      logWriter(format, 'label.rid')({ id, createdAt, json: Buffer.from(JSON.stringify(log)) }).toString(),
    );

/** As the feed puts its fields in. */
const inFeed: Write = (log, id, createdAt) => {
  const { after, text } = feedFields(createdAt);
  return JSON.parse(JSON.stringify(log).replace(after.toString(), () => after + text(id)));
};

const FORMATS: [string, z.ZodMiniType, Write][] = [
  ['the feed', feedLogSchema, inFeed],
  ['ECS', ecsSchema, written({ name: 'ecs' })],
  ...OCSF_VERSIONS.map((version): [string, z.ZodMiniType, Write] => [
    `OCSF ${version}`,
    ocsfSchema,
    written({ name: 'ocsf', version }),
  ]),
];

/** The paths of the properties that a schema names, but for those of an open object. */
function pathsOfSchema(schema: z.core.JSONSchema.BaseSchema, path = ''): string[] {
  const alternatives = schema.anyOf ?? [];
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, member]) => [
    `${path}.${name}`,
    ...pathsOfSchema(member as z.core.JSONSchema.BaseSchema, `${path}.${name}`),
  ]);
  const items =
    schema.items === undefined ? [] : pathsOfSchema(schema.items as z.core.JSONSchema.BaseSchema, path);
  return [...properties, ...items, ...alternatives.flatMap((each) => pathsOfSchema(each as never, path))];
}

function pathsOfValue(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => pathsOfValue(each, path));
  return Object.entries(value).flatMap(([name, member]) => [
    `${path}.${name}`,
    ...pathsOfValue(member, `${path}.${name}`),
  ]);
}

describe.each(FORMATS)('the schema of a log in %s', (_, schema, write) => {
  test('accepts any log', () => {
    fc.assert(
      fc.property(anySecurityLog, anyEventId, anyCreatedAt, (log, id, createdAt) => {
        const document = write(log, id, createdAt);
        expect(schema.parse(document)).toEqual(document);
      }),
      { numRuns: 300 },
    );
  });

  test('names no property that no log has', () => {
    const logs = EVENT_ACTIONS.flatMap((action) => [
      { ...FULL_LOG, event: { ...FULL_LOG.event, action } },
      logWithAction(action),
    ]);
    const found = new Set(logs.flatMap((log) => pathsOfValue(write(log, 'id', 0))));
    const named = pathsOfSchema(z.toJSONSchema(schema));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !found.has(path))).toEqual([]);
  });
});
