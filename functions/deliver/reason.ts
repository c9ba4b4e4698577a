/** Something on our side that keeps logs from being delivered. Its message may be shown: it holds no value. */
export class DeliveryFault extends Error {
  override readonly name = 'DeliveryFault';
}

/**
 * What an error is, in a word that holds no value: messages of errors may repeat what was sent. An error of AWS reads
 * `AccessDenied (403)`, one of the network `ECONNREFUSED`.
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

/** Why an attempt that threw did not succeed. */
export const faultReason = (error: unknown): string =>
  error instanceof DeliveryFault ? error.message : `unexpected: ${errorName(error)}`;
