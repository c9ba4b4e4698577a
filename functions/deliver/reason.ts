import { errorName } from '../error-name.ts';

/** A fault on our side that keeps logs from being delivered. Its message may be shown: it contains no secret value. */
export class DeliveryFault extends Error {
  override readonly name = 'DeliveryFault';
}

/** Why an attempt threw, in words that may be shown. */
export const faultReason = (error: unknown): string =>
  error instanceof DeliveryFault ? error.message : `unexpected: ${errorName(error)}`;
