import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type OcsfOptions, ocsfLog, toOcsf } from '../../../../shared/log/formats/ocsf.ts';
import { LogFields } from '../../../../shared/log/log-fields.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../../fixtures/any-security-log.ts';
import { OCSF_VALIDATORS } from '../../../fixtures/ocsf-schema.ts';

const anyUser: fc.Arbitrary<OcsfOptions['user']> = fc.oneof(
  fc.constantFrom('label.rid', 'label.master_rid'),
  fc.record({ name: fc.string({ minLength: 1 }) }),
);

describe('any log in OCSF', () => {
  test.each(OCSF_VALIDATORS)('is valid against the schema of %s', (version, problems) => {
    fc.assert(
      fc.property(anySecurityLog, anyEventId, anyCreatedAt, anyUser, (log, id, createdAt, user) => {
        const json = Buffer.from(JSON.stringify(log));
        const event = JSON.parse(ocsfLog({ id, json, createdAt }, { version, user }).toString());
        expect(problems(event)).toEqual([]);
        expect(event).toEqual(JSON.parse(JSON.stringify(toOcsf(log, id, createdAt, { version, user }))));
        expect(event.type_uid).toBe(event.class_uid * 100 + event.activity_id);
        expect(event.time).toBe(Date.parse(log['@timestamp']));
      }),
      { numRuns: 300 },
    );
  });

  test('has lost no value', () => {
    fc.assert(
      fc.property(anySecurityLog, anyUser, (log, user) => {
        const event = toOcsf(log, 'id', 0, { version: '1.1.0', user });
        const kept = valuesIn(JSON.parse(JSON.stringify(event)));
        // The version of the system stands alone, and a protocol that OCSF knows is spelled as OCSF does.
        const os = event.src_endpoint?.os;
        const spelled = [
          ...kept.map((value) => String(value).toLowerCase()),
          `${os?.name} ${os?.version}`.toLowerCase(),
        ];
        for (const value of Object.values(new LogFields(log).rest()))
          expect(spelled).toContain(value.toLowerCase());
      }),
      { numRuns: 300 },
    );
  });
});

const valuesIn = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value).flatMap(valuesIn) : [value];
