import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { eventJsonSchema, type OcsfExport } from '../../tools/ocsf-schemas/json-schema.ts';

const text = { type: 'string_t' };

/** A small export: one class, and an object that refers to itself. */
const EXPORT: OcsfExport = {
  version: '1.0.0',
  types: {
    integer_t: {},
    string_t: { max_len: 5 },
    host_t: { type: 'string_t', regex: '^[a-z]+$' },
    port_t: { type: 'integer_t', range: [0, 9] },
  },
  classes: {
    knock: {
      uid: 7001,
      attributes: {
        class_uid: { type: 'integer_t', requirement: 'required' },
        door: { type: 'object_t', object_type: 'door', requirement: 'required' },
        loud_id: {
          type: 'integer_t',
          enum: { '1': { caption: 'Loud' }, '99': { caption: 'Other' } },
          sibling: 'loud',
        },
        loud: text,
        hosts: { type: 'host_t', is_array: true },
        port: { type: 'port_t' },
        unmapped: { type: 'object_t', object_type: 'object' },
        old: { ...text, '@deprecated': {} },
        cloud: { ...text, profile: 'cloud', requirement: 'required' },
        box: { ...text, profiles: ['box'], requirement: 'required' },
        auid: { ...text, extension: 'linux' },
      },
    },
  },
  objects: {
    door: {
      attributes: { name: text, uid: text, behind: { type: 'object_t', object_type: 'door' } },
      constraints: { at_least_one: ['name', 'uid'] },
    },
    window: { attributes: { name: text } },
  },
};

const schema = eventJsonSchema(EXPORT, ['knock']);
const accepts = new Ajv({ strictTypes: false, strictRequired: false }).compile(schema);

describe('the JSON Schema of an OCSF class', () => {
  test.each([
    { door: { name: 'front' } },
    { door: { uid: '1', behind: { name: 'back' } } },
    { loud_id: 1, loud: 'Loud' },
    { loud_id: 99, loud: 'Bang' },
    { loud: 'Bang' },
    { hosts: ['a', 'b'], port: 9 },
    { unmapped: { anything: [1] } },
  ])('accepts %j', (change) => {
    expect(accepts({ class_uid: 7001, door: { name: 'front' }, ...change })).toBe(true);
  });

  test.each([
    { class_uid: 7002 },
    { door: undefined },
    { door: {} },
    { door: { name: 'front', color: 'red' } },
    { door: { uid: '1', behind: {} } },
    { bell: 'x' },
    { loud_id: 2 },
    { loud_id: '1' },
    { loud_id: 1, loud: 'Bang' },
    { loud: 'louder' },
    { hosts: 'a' },
    { hosts: ['A'] },
    { port: 10 },
    { port: 0.5 },
    { unmapped: 'x' },
    { old: 'x' },
    { cloud: 'x' },
    { box: 'x' },
    { auid: 'x' },
  ])('rejects %j', (change) => {
    const event = JSON.parse(JSON.stringify({ class_uid: 7001, door: { name: 'front' }, ...change }));
    expect(accepts(event)).toBe(false);
  });

  test('has only the objects that the class refers to', () => {
    expect(Object.keys(schema['definitions'] as object)).toEqual(['class:knock', 'door']);
  });

  test('is not made of what is not understood', () => {
    expect(() => eventJsonSchema(EXPORT, ['ring'])).toThrow('the export has no ring');
    expect(() => eventJsonSchema({ ...EXPORT, types: {} }, ['knock'])).toThrow('the type host_t is unknown');
  });
});
