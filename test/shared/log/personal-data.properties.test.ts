import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { decodeDocument, encodeDocument } from '../../../shared/log/document-codec.ts';
import { LOG_FIELD_NAMES } from '../../../shared/log/field-names.ts';
import { ecsSchema } from '../../../shared/log/formats/ecs-schema.ts';
import { FORMAT_NAMES, logWriterFor } from '../../../shared/log/formats/log-format.ts';
import { ocsfSchema } from '../../../shared/log/formats/ocsf/schema.ts';
import { OCSF_VERSIONS } from '../../../shared/log/formats/ocsf.ts';
import { keyedDigest } from '../../../shared/log/keyed-digest.ts';
import { LogFields } from '../../../shared/log/log-fields.ts';
import {
  DROPPABLE_FIELDS,
  HASHABLE_FIELDS,
  logProtector,
  type PersonalData,
} from '../../../shared/log/personal-data.ts';
import { type SecurityLog, securityLogSchema } from '../../../shared/log/security-log.ts';
import { anyCreatedAt, anyEventId, anySecurityLog } from '../../fixtures/any-security-log.ts';
import { ECS_SCHEMAS, ecsProblems } from '../../fixtures/ecs-schema.ts';
import { FULL_LOG } from '../../fixtures/full-log.ts';
import { OCSF_VALIDATORS } from '../../fixtures/ocsf-schema.ts';

const KEY = 'a key of the test that is long enough for it';
const digest = keyedDigest(KEY);
const hexDigest = (value: string) => createHmac('sha256', KEY).update(value).digest('hex');

/** Any choice of fields, each dropped, hashed or left alone. */
const anyPersonalData: fc.Arbitrary<PersonalData> = fc
  .tuple(fc.subarray([...HASHABLE_FIELDS]), fc.subarray([...DROPPABLE_FIELDS]))
  .map(([hash, drop]) => ({ hash, drop: drop.filter((field) => !(hash as string[]).includes(field)) }));

/** The values of a log by the whole names of their fields, booleans as texts. */
const valuesOf = (log: SecurityLog): Record<string, string> => new LogFields(log).rest();

/** The same log with another value in each text that can be changed: 16 letters that nothing else has. */
function withUniqueTexts(log: SecurityLog, random: number): SecurityLog {
  const mark = (name: string): string => {
    const letters = hexDigest(`${random} ${name}`).replace(
      /\d/g,
      (digit) => 'ghijklmnop'[Number(digit)] ?? '',
    );
    return name === 'client.ip'
      ? `2001:db8::${hexDigest(name).slice(0, 4)}:${hexDigest(name).slice(4, 8)}`
      : letters.slice(0, 16);
  };
  const marked = (group: object, path: string): object =>
    Object.fromEntries(
      Object.entries(group).map(([name, value]) => {
        const whole = path + name;
        if (typeof value === 'object') return [name, marked(value, `${whole}.`)];
        return [name, (HASHABLE_FIELDS as string[]).includes(whole) ? mark(whole) : value];
      }),
    );
  return marked(log, '') as SecurityLog;
}

/** A log in every format in which somebody can have it. */
const inEveryFormat = (log: SecurityLog, id: string, createdAt: number): string[] =>
  FORMAT_NAMES.flatMap((name) =>
    OCSF_VERSIONS.map((version) =>
      logWriterFor(
        name,
        version,
        'label.rid',
      )({ id, createdAt, json: Buffer.from(JSON.stringify(log)) }).toString(),
    ),
  );

describe('the fields that can be dropped', () => {
  test('are those that a log can do without, and those that can be hashed are texts', () => {
    for (const field of LOG_FIELD_NAMES) {
      const without = logProtector({ drop: [field as never], hash: [] }, digest)(FULL_LOG);
      const isOptional = securityLogSchema.safeParse(without).success;
      expect([field, (DROPPABLE_FIELDS as string[]).includes(field)]).toEqual([field, isOptional]);
      const isText = !['true', 'false'].includes(valuesOf(FULL_LOG)[field] ?? expect.fail());
      expect([field, (HASHABLE_FIELDS as string[]).includes(field)]).toEqual([field, isOptional && isText]);
    }
  });
});

describe('any log of which any fields are dropped or hashed', () => {
  test('has no value of such a field, wherever it is shown or stored', () => {
    fc.assert(
      fc.property(
        anySecurityLog,
        anyPersonalData,
        fc.nat(),
        anyCreatedAt,
        (log, fields, random, createdAt) => {
          const plain = withUniqueTexts(log, random);
          const json = JSON.stringify(logProtector(fields, digest)(plain));
          const document = encodeDocument(json);
          const shown = [
            json,
            document.toString('latin1'),
            decodeDocument(document).toString(),
            ...inEveryFormat(JSON.parse(json), 'id', createdAt),
          ].join('\n');
          const values = valuesOf(plain);
          for (const field of [...fields.drop, ...fields.hash])
            if ((HASHABLE_FIELDS as string[]).includes(field) && values[field] !== undefined)
              expect(shown).not.toContain(values[field]);
        },
      ),
    );
  });

  test('has the other fields as they were, the hashes of those that are hashed, and no other field', () => {
    fc.assert(
      fc.property(anySecurityLog, anyPersonalData, (log, { drop, hash }) => {
        const before = JSON.stringify(log);
        const expected = Object.entries(valuesOf(log))
          .filter(([name]) => !(drop as string[]).includes(name))
          .map(([name, value]) => {
            if (!(hash as string[]).includes(name)) return [name, value];
            return [
              name,
              name === 'client.ip' ? expect.stringMatching(/^fd/) : `hmac-${hexDigest(value).slice(0, 32)}`,
            ];
          });
        const stored = logProtector({ drop, hash }, digest)(log);
        // In the same order, too: stored JSON is canonical.
        expect(Object.entries(valuesOf(stored))).toEqual(expected);
        expect(JSON.stringify(log)).toBe(before);
      }),
    );
  });

  test('is valid in every format, and in the schemas of those who publish it', () => {
    fc.assert(
      fc.property(anySecurityLog, anyPersonalData, anyEventId, anyCreatedAt, (log, fields, id, createdAt) => {
        const stored = logProtector(fields, digest)(log);
        expect(securityLogSchema.parse(stored)).toEqual(stored);
        const written = { id, createdAt, json: Buffer.from(JSON.stringify(stored)) };
        const ecs = JSON.parse(logWriterFor('ecs', '1.1.0', 'label.rid')(written).toString());
        expect(z.parse(ecsSchema, ecs)).toEqual(ecs);
        for (const schema of Object.values(ECS_SCHEMAS)) expect(ecsProblems(schema, ecs)).toEqual([]);
        for (const [version, problems] of OCSF_VALIDATORS) {
          const event = JSON.parse(logWriterFor('ocsf', version, 'label.master_rid')(written).toString());
          expect(problems(event)).toEqual([]);
          expect(z.parse(ocsfSchema, event)).toEqual(event);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('is the same log each time', () => {
    fc.assert(
      fc.property(anySecurityLog, anyPersonalData, (log, fields) => {
        const [one, other] = [keyedDigest(KEY), keyedDigest(KEY)].map((own) =>
          logProtector(fields, own)(log),
        );
        expect(JSON.stringify(one)).toBe(JSON.stringify(other));
      }),
    );
  });
});

describe('a hash', () => {
  const hashed = (log: object, key = KEY): SecurityLog =>
    logProtector(
      { drop: [], hash: ['client.ip', 'label.rid', 'label.master_rid'] },
      keyedDigest(key),
    )({
      ...FULL_LOG,
      ...log,
    } as SecurityLog);
  const addressOf = (ip: string): string => hashed({ client: { ip } }).client?.ip ?? expect.fail();

  test('of an address is a unique local address: equal for equal addresses, however they are written', () => {
    expect(addressOf('192.0.2.7')).toBe(`fd${hexDigest('192.0.2.7').slice(0, 30)}`.match(/.{4}/g)?.join(':'));
    expect(addressOf('2001:DB8:0:0::1')).toBe(addressOf('2001:db8::1'));
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
        expect(isIPv6(addressOf(one))).toBe(true);
        expect(addressOf(one)).toHaveLength(39);
        expect(addressOf(one) === addressOf(other)).toBe(one === other);
      }),
    );
  });

  test('of equal values is equal in different fields, and of different ones, and with another key, different', () => {
    const { label } = hashed({ label: { app_type: 'player', rid: 'r-1', master_rid: 'r-1' } });
    expect(label.rid).toBe(label.master_rid);
    const others = [hashed({ label: { rid: 'r-2' } }), hashed({ label: { rid: 'r-1' } }, `${KEY}2`)];
    expect(new Set([label.rid, ...others.map((other) => other.label.rid)]).size).toBe(3);
  });

  test('needs a key of 32 characters', () => {
    for (const key of [undefined, '', 'x'.repeat(31)])
      expect(() => keyedDigest(key)).toThrow(expect.objectContaining({ name: 'UnusableHashKey' }));
    expect(keyedDigest('x'.repeat(32))('a')).toMatch(/^[0-9a-f]{64}$/);
  });
});
