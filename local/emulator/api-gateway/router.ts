export interface Route<Target> {
  /** `ANY` is every method of API Gateway that the resource has no route of its own for. */
  readonly method: string;
  /** Such as `/items/all`. */
  readonly resource: string;
  readonly target: Target;
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-settings-method-request.html */
const METHODS = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);

/**
 * Finds routes by method and path.
 *
 * @throws Error for a resource with a path parameter, such as `/items/{id}`
 */
export function router<Target>(
  routes: readonly Route<Target>[],
): (method: string, path: string) => Route<Target> | undefined {
  for (const { method, resource } of routes) {
    if (!resource.includes('{')) continue;
    throw new Error(`the route ${method} ${resource} is unknown to the local stack`);
  }
  const byPath = Map.groupBy(routes, ({ resource }) => normalized(resource));
  return (method, path) => {
    if (!METHODS.has(method)) return undefined;
    const found = byPath.get(normalized(path)) ?? [];
    return found.find((route) => route.method === method) ?? found.find((route) => route.method === 'ANY');
  };
}

/** A path with each segment escaped in one way. */
const normalized = (path: string): string =>
  path
    .split('/')
    .map((segment) => encodeURIComponent(decode(segment)))
    .join('/');

/** A malformed escape stands for itself. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
