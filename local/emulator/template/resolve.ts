/** What references in a template lead to. */
export interface References {
  /**
   * @param name a logical id or a pseudo parameter such as `AWS::Region`
   * @throws Error if there is no such thing
   */
  ref(name: string): string;
  attribute(logicalId: string, attribute: string): string;
}

/**
 * Replaces the intrinsic functions in a part of a template by their values.
 *
 * @param path where the part stands, for errors
 * @throws Error naming the place and an intrinsic that is unknown or malformed
 */
export function resolve(part: unknown, references: References, path: string): unknown {
  if (typeof part === 'string') {
    if (!part.includes('{{resolve:')) return part;
    throw new Error(`${path}: the dynamic reference ${part} is unknown to the local stack`);
  }
  if (Array.isArray(part)) {
    return part.map((item, index) => resolve(item, references, `${path}[${index}]`));
  }
  if (typeof part !== 'object' || part === null) return part;

  const entries = Object.entries(part);
  const [[name, argument] = ['', undefined]] = entries;
  if (entries.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
    return evaluate(name, argument, references, path);
  }
  return Object.fromEntries(
    entries.map(([key, value]) => [key, resolve(value, references, `${path}.${key}`)]),
  );
}

function evaluate(name: string, argument: unknown, references: References, path: string): unknown {
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
      return references.ref(text(argument));
    case 'Fn::GetAtt': {
      const [logicalId, ...attribute] = typeof argument === 'string' ? argument.split('.') : list(argument);
      return references.attribute(text(logicalId), attribute.join('.'));
    }
    case 'Fn::Join': {
      const [separator, parts] = list(argument);
      return list(resolve(parts, references, `${path}.${name}`))
        .map(text)
        .join(text(separator));
    }
    case 'Fn::Sub':
      return substitute(text(argument), references);
    default:
      throw new Error(`${path}: the intrinsic function ${name} is unknown to the local stack`);
  }
}

/** `${Name}`, `${Resource.Attribute}`, and `${!Literal}`, which becomes `${Literal}`. */
const substitute = (template: string, references: References): string =>
  template.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const [logicalId = '', ...attribute] = name.split('.');
    return attribute.length > 0 ? references.attribute(logicalId, attribute.join('.')) : references.ref(name);
  });
