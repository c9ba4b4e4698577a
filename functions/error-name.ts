import { UnknownVersion } from '../shared/unknown-version.ts';

/**
 * Names an error without its message, which may repeat what was sent: an error of AWS reads `AccessDenied (403)`, an
 * error of the network `ECONNREFUSED`, any other error its name. An unknown version is
 * told, because an operator has to know it.
 */
export function errorName(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if (error instanceof UnknownVersion) return `${error.name}: ${error.message}`;
  const { code, $metadata } = error as Error & {
    readonly code?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return `${error.name} (${status})`;
  return typeof code === 'string' ? code : error.name;
}
