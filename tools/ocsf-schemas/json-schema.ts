/** Turns a schema of OCSF, as schema.ocsf.io exports it, into a JSON Schema that takes only what OCSF has. */

/** An attribute of a class or of an object. https://github.com/ocsf/ocsf-schema/blob/main/CONTRIBUTING.md */
interface Attribute {
  readonly type: string;
  readonly object_type?: string;
  readonly is_array?: boolean;
  readonly requirement?: string;
  /** The profile that brings the attribute, until 1.7.0. */
  readonly profile?: string | null;
  /** The profiles that bring the attribute, from 1.8.0 on. */
  readonly profiles?: readonly string[] | null;
  readonly enum?: Readonly<Record<string, { readonly caption: string }>>;
  /** The extension of OCSF that brings the attribute, such as `win`. */
  readonly extension?: string | null;
  /** The attribute that has the caption of this one's value. */
  readonly sibling?: string;
  readonly '@deprecated'?: unknown;
}

interface Entity {
  readonly uid?: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly constraints?: {
    readonly at_least_one?: readonly string[];
    readonly just_one?: readonly string[];
  };
}

interface DataType {
  /** The type that this one narrows. */
  readonly type?: string;
  readonly regex?: string;
  readonly max_len?: number;
  readonly range?: readonly [number, number];
}

/** https://schema.ocsf.io/1.1.0/export/schema, or https://schema.ocsf.io/1.8.0/export/v2/schema */
export interface OcsfExport {
  readonly version: string;
  readonly classes: Readonly<Record<string, Entity>>;
  readonly objects: Readonly<Record<string, Entity>>;
  readonly types?: Readonly<Record<string, DataType>>;
  readonly dictionary?: { readonly types: { readonly attributes: Readonly<Record<string, DataType>> } };
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The object of which OCSF says nothing: `unmapped`. */
const ANY_OBJECT = 'object';

/** The value of each enumeration that leaves its caption to the source: Other. */
const OTHER = '99';

const JSON_TYPES: Readonly<Record<string, JsonSchema>> = {
  boolean_t: { type: 'boolean' },
  float_t: { type: 'number' },
  integer_t: { type: 'integer' },
  long_t: { type: 'integer' },
  string_t: { type: 'string' },
  json_t: {},
};

/**
 * The JSON Schema of an event of one of the classes, without profiles and extensions. It rejects an attribute that
 * OCSF does not have, that only a profile or an extension brings, or that is deprecated; a value of another type, or outside an enumeration; a missing
 * attribute that OCSF requires; and a caption that is not the one of its value.
 *
 * @param classes the names of the classes
 * @throws Error if the export has no such class, or has something that is not understood
 */
export function eventJsonSchema(exported: OcsfExport, classes: readonly string[]): JsonSchema {
  const uids = classes.map((name) => entityOf(exported.classes, name).uid);
  const definitions: Record<string, JsonSchema> = {};
  for (const name of classes) {
    const own = entityOf(exported.classes, name);
    definitions[`class:${name}`] = entitySchema(exported, own);
  }
  for (const name of objectsOf(exported, classes))
    definitions[name] = entitySchema(exported, entityOf(exported.objects, name));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `OCSF ${exported.version}: ${classes.join(', ')}`,
    type: 'object',
    required: ['class_uid'],
    properties: { class_uid: { enum: uids } },
    allOf: classes.map((name, i) => ({
      if: { properties: { class_uid: { const: uids[i] } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { $ref: `#/definitions/class:${name}` },
    })),
    definitions,
  };
}

function entityOf(entities: Readonly<Record<string, Entity>>, name: string): Entity {
  const entity = entities[name];
  if (entity === undefined) throw new Error(`the export has no ${name}`);
  return entity;
}

/** The attributes that every event may have, without a profile and without an extension. */
const ownAttributes = ({ attributes }: Entity): [string, Attribute][] =>
  Object.entries(attributes).filter(
    ([, { profile, profiles, extension, ...attribute }]) =>
      !profile && !profiles?.length && !extension && attribute['@deprecated'] === undefined,
  );

/** The names of the objects that the classes refer to, directly or through others, sorted. */
function objectsOf(exported: OcsfExport, classes: readonly string[]): string[] {
  const found = new Set<string>();
  const walk = (entity: Entity): void => {
    for (const [, { object_type: name }] of ownAttributes(entity)) {
      if (name === undefined || name === ANY_OBJECT || found.has(name)) continue;
      found.add(name);
      walk(entityOf(exported.objects, name));
    }
  };
  for (const name of classes) walk(entityOf(exported.classes, name));
  return [...found].toSorted();
}

function entitySchema(exported: OcsfExport, entity: Entity): JsonSchema {
  const attributes = ownAttributes(entity).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const names = new Set(attributes.map(([name]) => name));
  const { at_least_one: some, just_one: one } = entity.constraints ?? {};
  const alternatives = (list: readonly string[]) =>
    list.filter((name) => names.has(name)).map((name) => ({ required: [name] }));
  const captions = attributes.flatMap(([name, attribute]) => captionRules(name, attribute));
  return {
    type: 'object',
    additionalProperties: false,
    required: attributes.filter(([, { requirement }]) => requirement === 'required').map(([name]) => name),
    properties: Object.fromEntries(
      attributes.map(([name, attribute]) => [name, attributeSchema(exported, attribute)]),
    ),
    ...(some && { anyOf: alternatives(some) }),
    ...(one && { oneOf: alternatives(one) }),
    ...(captions.length > 0 && { allOf: captions }),
  };
}

/** The rule that the sibling of an enumeration has the caption of its value, unless the value is Other. */
function captionRules(name: string, { enum: values, sibling, is_array }: Attribute): JsonSchema[] {
  if (values === undefined || sibling === undefined || is_array) return [];
  return Object.entries(values)
    .filter(([value]) => value !== OTHER)
    .map(([value, { caption }]) => ({
      if: { required: [name], properties: { [name]: { const: enumValue(value) } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { [sibling]: { const: caption } } },
    }));
}

const enumValue = (text: string): string | number => (/^-?\d+$/.test(text) ? Number(text) : text);

function attributeSchema(exported: OcsfExport, attribute: Attribute): JsonSchema {
  const one = valueSchema(exported, attribute);
  return attribute.is_array ? { type: 'array', items: one } : one;
}

function valueSchema(
  exported: OcsfExport,
  { type, object_type: object, enum: values }: Attribute,
): JsonSchema {
  if (object === ANY_OBJECT) return { type: 'object' };
  if (object !== undefined) return { $ref: `#/definitions/${object}` };
  const schema = typeSchema(exported.types ?? exported.dictionary?.types.attributes ?? {}, type);
  if (values === undefined) return schema;
  const allowed = Object.keys(values);
  return { ...schema, enum: schema['type'] === 'string' ? allowed : allowed.map(enumValue) };
}

function typeSchema(types: Readonly<Record<string, DataType>>, name: string): JsonSchema {
  const { type, regex, max_len, range } = types[name] ?? {};
  const base = type === undefined ? JSON_TYPES[name] : typeSchema(types, type);
  if (base === undefined) throw new Error(`the type ${name} is unknown`);
  return {
    ...base,
    ...(regex !== undefined && { pattern: regex }),
    ...(max_len !== undefined && { maxLength: max_len }),
    ...(range !== undefined && { minimum: range[0], maximum: range[1] }),
  };
}
