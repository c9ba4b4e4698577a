/** A template of CloudFormation, as the CDK writes it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** Something that an emulator cannot create. */
export interface Missing {
  readonly what: string;
  readonly has: (resource: Resource) => boolean;
}

/**
 * Leaves out the resources that an emulator cannot create, and then the resources and outputs that refer to them.
 *
 * @returns the template, and the logical ids of what is left out, each with the reason
 */
export function withoutMissing(
  template: Template,
  missing: readonly Missing[],
): { readonly template: Template; readonly leftOut: ReadonlyMap<string, string> } {
  const leftOut = new Map<string, string>();
  for (const [id, resource] of Object.entries(template.Resources)) {
    const found = missing.find(({ has }) => has(resource));
    if (found) leftOut.set(id, found.what);
  }
  // A resource that refers to one that is left out may itself be referred to.
  for (let known = -1; known < leftOut.size; ) {
    known = leftOut.size;
    for (const [id, { Properties }] of Object.entries(template.Resources)) {
      const target = referencesOf(Properties).find((reference) => leftOut.has(reference));
      if (target !== undefined && !leftOut.has(id)) leftOut.set(id, `refers to ${target}`);
    }
  }
  const kept = <T>(section: Readonly<Record<string, T>>, isLeftOut: (id: string, value: T) => boolean) =>
    Object.fromEntries(Object.entries(section).filter(([id, value]) => !isLeftOut(id, value)));
  const resources = kept(template.Resources, (id) => leftOut.has(id));
  return {
    template: {
      ...template,
      Resources: Object.fromEntries(
        Object.entries(resources).map(([id, { DependsOn = [], ...resource }]) => {
          const ids = [DependsOn].flat().filter((each) => !leftOut.has(each));
          return [id, ids.length > 0 ? { ...resource, DependsOn: ids } : resource];
        }),
      ),
      Outputs: kept(template.Outputs ?? {}, (_, output) =>
        referencesOf(output).some((reference) => leftOut.has(reference)),
      ),
    },
    leftOut,
  };
}

/** @returns the logical ids that a value refers to with `Ref`, `Fn::GetAtt` or `Fn::Sub` */
function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === 'Ref' && typeof inner === 'string') return [inner];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(inner) ? inner[0] : inner).split('.')[0] ?? ''];
    if (key === 'Fn::Sub') {
      const text = String(Array.isArray(inner) ? inner[0] : inner);
      return [...text.matchAll(/\$\{([A-Za-z0-9]+)/g)].map(([, id]) => id ?? '');
    }
    return referencesOf(inner);
  });
}
