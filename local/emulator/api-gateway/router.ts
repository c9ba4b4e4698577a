/** A method of a resource. */
export interface Route<Target> {
  /** `ANY` is every method of API Gateway that the resource has no route of its own for. */
  readonly method: string;
  /** Such as `/api/get-security-logs` or `/items/{id}`. */
  readonly resource: string;
  readonly target: Target;
}

export interface Match<Target> extends Route<Target> {
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/**
 * Finds routes by method and path. A literal segment goes before a parameter, then a method before `ANY`.
 *
 * @throws Error for a greedy parameter such as `{proxy+}`
 */
export function router<Target>(
  routes: readonly Route<Target>[],
): (method: string, path: string) => Match<Target> | undefined {
  for (const { method, resource } of routes) {
    if (resource.includes('+}')) {
      throw new Error(`the route ${method} ${resource} is unknown to the local stack`);
    }
  }
  const exactFirst = routes.toSorted(
    (a, b) => parametersIn(a) - parametersIn(b) || Number(a.method === 'ANY') - Number(b.method === 'ANY'),
  );
  return (method, path) => {
    if (!METHODS.has(method)) return undefined;
    for (const route of exactFirst) {
      const hasMethod = route.method === method || route.method === 'ANY';
      const pathParameters = hasMethod ? matchPath(route.resource, path) : undefined;
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
