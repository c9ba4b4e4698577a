import type { Template, TemplateResource } from './assembly.ts';
import { hasNoLocalEffect, SECTIONS_WITHOUT_LOCAL_EFFECT } from './no-local-effect.ts';
import { type References, resolve } from './resolve.ts';
import type { Identity, Place, ResourceType } from './resource-type.ts';

export interface Resource<Properties> {
  readonly logicalId: string;
  readonly name: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
}

/** A template as it is deployed on this machine. */
export interface Deployment {
  all<Properties>(type: ResourceType<Properties>): Resource<Properties>[];
  readonly outputs: Readonly<Record<string, string>>;
}

/**
 * Resolves a template, completely and before anything is started.
 *
 * @param types what the local stack can bring to life
 * @throws Error naming every resource type, and the first property or intrinsic, that it does not know
 */
export function deploy(
  template: Template,
  types: readonly ResourceType<unknown>[],
  place: Place,
): Deployment {
  const byName = new Map(types.map((type) => [type.type, type]));
  refuseUnknown(template, byName);
  const references = referencesOf(template, byName, place);

  const resources = Object.entries(template.Resources).flatMap(([logicalId, resource]) => {
    const type = byName.get(resource.Type);
    if (type === undefined) return [];
    const { name, ref, attributes } = references.identity(logicalId);
    const resolved = resolve(resource.Properties ?? {}, references, logicalId);
    const properties = parseProperties(type, logicalId, resolved);
    return [{ type, logicalId, name, ref, arn: attributes['Arn'] ?? '', properties }];
  });
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => {
    return [name, localAddress(String(resolve(Value, references, `output ${name}`)), place)];
  });
  return {
    all: <Properties>(wanted: ResourceType<Properties>) =>
      resources.filter(({ type }) => type === wanted) as unknown as Resource<Properties>[],
    outputs: Object.fromEntries(outputs),
  };
}

/** The address of a REST API on AWS, put where it is on this machine. */
export const localAddress = (value: string, { gatewayUrl }: Place): string =>
  value.replace(/^https:\/\/[^./]+\.execute-api\.[^/]+/, gatewayUrl);

type Types = ReadonlyMap<string, ResourceType<unknown>>;

function refuseUnknown(template: Template, types: Types): void {
  const sections = ['Resources', 'Outputs', ...SECTIONS_WITHOUT_LOCAL_EFFECT];
  const unknownSections = Object.keys(template).filter((section) => !sections.includes(section));
  if (unknownSections.length > 0) {
    throw new Error(`template sections unknown to the local stack: ${unknownSections.join(', ')}`);
  }
  const unknown = Object.entries(template.Resources).flatMap(([logicalId, { Type, Condition }]) => {
    if (Condition !== undefined) return [`${logicalId} (Condition ${Condition})`];
    return hasNoLocalEffect(Type) || types.has(Type) ? [] : [`${logicalId} (${Type})`];
  });
  if (unknown.length > 0) throw new Error(`resources unknown to the local stack: ${unknown.join(', ')}`);
}

interface Identities extends References {
  identity(logicalId: string): Identity & { readonly name: string };
}

function referencesOf(template: Template, types: Types, place: Place): Identities {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.accountId,
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const resourceOf = (logicalId: string): TemplateResource => {
    const resource = template.Resources[logicalId];
    if (resource === undefined) throw new Error(`the template has no resource ${logicalId}`);
    return resource;
  };

  const references: Identities = {
    identity(logicalId) {
      const { Type, Properties = {} } = resourceOf(logicalId);
      const type = types.get(Type);
      const given = Properties[type?.nameProperty ?? ''];
      const name =
        given === undefined
          ? `${place.stackName}-${logicalId}`
          : String(resolve(given, references, `${logicalId}.${type?.nameProperty}`));
      return {
        name,
        ...(type?.identify(name, place) ?? { ref: name, attributes: { Arn: `arn:aws:local:::${name}` } }),
      };
    },
    ref: (name) => pseudo[name] ?? references.identity(name).ref,
    attribute(logicalId, attribute) {
      const value = references.identity(logicalId).attributes[attribute];
      if (value !== undefined) return value;
      const { Type } = resourceOf(logicalId);
      throw new Error(`the attribute ${attribute} of ${logicalId} (${Type}) is unknown to the local stack`);
    },
  };
  return references;
}

function parseProperties(type: ResourceType<unknown>, logicalId: string, properties: unknown): unknown {
  const result = type.properties.safeParse(properties);
  if (result.success) return result.data;
  const issues = result.error.issues.map((issue) => {
    if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.')}: ${issue.message}`;
    const properties = issue.keys.map((key) => [...issue.path, key].join('.'));
    return `unknown to the local stack: ${properties.join(', ')}`;
  });
  throw new Error(`${logicalId} (${type.type}): ${issues.join('; ')}`);
}
