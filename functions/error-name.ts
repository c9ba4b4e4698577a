/**
 * Names an error without its message, which may repeat what was sent: an error of AWS reads `AccessDenied (403)`, an
 * error of the network `ECONNREFUSED`, any other error its name.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const { code, $metadata } = error as Error & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return `${error.name} (${status})`;
  return typeof code === 'string' ? code : error.name;
}
