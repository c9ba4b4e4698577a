/** A method of a resource. */
export interface Route<Target> {
  readonly method: string;
  /** Such as `/api/get-security-logs` or `/items/{id}`. */
  readonly resource: string;
  readonly target: Target;
}

export interface Match<Target> extends Route<Target> {
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Finds routes by method and path. A literal segment goes before a parameter.
 *
 * @throws Error for a greedy parameter such as `{proxy+}`, and for the method `ANY`
 */
export function router<Target>(
  routes: readonly Route<Target>[],
): (method: string, path: string) => Match<Target> | undefined {
  for (const { method, resource } of routes) {
    if (method === 'ANY' || resource.includes('+}')) {
      throw new Error(`the route ${method} ${resource} is unknown to the local stack`);
    }
  }
  const literalFirst = routes.toSorted((a, b) => parametersIn(a) - parametersIn(b));
  return (method, path) => {
    for (const route of literalFirst) {
      const pathParameters = route.method === method ? matchPath(route.resource, path) : undefined;
      if (pathParameters !== undefined) return { ...route, pathParameters };
    }
    return undefined;
  };
}

const parametersIn = ({ resource }: Route<unknown>): number => resource.split('{').length;

function matchPath(resource: string, path: string): Readonly<Record<string, string>> | null | undefined {
  const expected = resource.split('/');
  const given = path.split('/');
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = decode(given[index] ?? '');
    if (segment.startsWith('{')) parameters[segment.slice(1, -1)] = value;
    else if (segment !== value) return undefined;
  }
  return Object.keys(parameters).length === 0 ? null : parameters;
}

/** A malformed escape stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
