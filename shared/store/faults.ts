import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { ReadFault } from './paced-reads.ts';

/**
 * Tells why a request to DynamoDB failed, as the SDK's own retries would tell it: by the error's name, the HTTP status, or
 * the code of a broken connection.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function faultOf(error: unknown): ReadFault {
  if (!(error instanceof Error)) return 'ours';
  const sdkError = error as Parameters<typeof isThrottlingError>[0];
  if (isThrottlingError(sdkError)) return 'throttled';
  return isTransientError(sdkError) ? 'transient' : 'ours';
}
