/** What references in a template lead to. */
export interface References {
  /**
   * @param name a logical id or a pseudo parameter such as `AWS::Region`
   * @throws Error if there is no such thing
   */
  ref(name: string): string;
  attribute(logicalId: string, attribute: string): string;
}

/** The value of `AWS::NoValue`: what holds it loses it. */
export const NO_VALUE = Symbol('AWS::NoValue');

/**
 * Replaces the intrinsic functions in a part of a template by their values.
 *
 * @param path where the part stands, for errors
 * @throws Error naming the place and an intrinsic that is unknown or malformed
 */
export function resolve(part: unknown, references: References, path: string): unknown {
  if (typeof part === 'string') return withoutDynamicReference(part, path);
  if (Array.isArray(part)) {
    return part
      .map((item, index) => resolve(item, references, `${path}[${index}]`))
      .filter((item) => item !== NO_VALUE);
  }
  if (typeof part !== 'object' || part === null) return part;

  const entries = Object.entries(part);
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && isIntrinsic(first[0])) {
    return evaluate(first[0], first[1], references, path);
  }
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, resolve(value, references, `${path}.${key}`)] as const)
      .filter(([, value]) => value !== NO_VALUE),
  );
}

const isIntrinsic = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::');

function evaluate(name: string, argument: unknown, references: References, path: string): unknown {
  const inner = (value: unknown): unknown => resolve(value, references, `${path}.${name}`);
  const wrong = (): Error => new Error(`${path}: malformed ${name} ${JSON.stringify(argument)}`);
  const list = (value: unknown): unknown[] => {
    if (Array.isArray(value)) return value;
    throw wrong();
  };
  const text = (value: unknown): string => {
    if (typeof value === 'string') return value;
    throw wrong();
  };

  switch (name) {
    case 'Ref':
      return argument === 'AWS::NoValue' ? NO_VALUE : references.ref(text(argument));
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument);
      return references.attribute(text(logicalId), attribute.join('.'));
    }
    case 'Fn::Join': {
      const [separator, parts] = list(argument);
      return list(inner(parts)).map(text).join(text(separator));
    }
    case 'Fn::Split': {
      const [separator, source] = list(argument);
      return text(inner(source)).split(text(separator));
    }
    case 'Fn::Select': {
      const [index, items] = list(argument);
      const item = list(inner(items))[Number(index)];
      if (item === undefined) throw wrong();
      return item;
    }
    case 'Fn::Sub': {
      const [template, variables] = typeof argument === 'string' ? [argument, {}] : list(argument);
      return substitute(text(template), inner(variables) as Record<string, unknown>, references, text);
    }
    default:
      throw new Error(`${path}: the intrinsic function ${name} is unknown to the local stack`);
  }
}

/** `${Name}`, `${Resource.Attribute}`, and `${!Literal}` which stays as `${Literal}`. */
function substitute(
  template: string,
  variables: Record<string, unknown>,
  references: References,
  text: (value: unknown) => string,
): string {
  return template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (Object.hasOwn(variables, name)) return text(variables[name]);
    const [logicalId, ...attribute] = name.split('.');
    return logicalId !== undefined && attribute.length > 0
      ? references.attribute(logicalId, attribute.join('.'))
      : references.ref(name);
  });
}

function withoutDynamicReference(text: string, path: string): string {
  if (text.includes('{{resolve:')) {
    throw new Error(`${path}: the dynamic reference ${text} is unknown to the local stack`);
  }
  return text;
}
