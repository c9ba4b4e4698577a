import { isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { ReadFault } from './paced-reads.ts';

/**
 * Classifies the failure of a request to DynamoDB as the SDK's own retries do: by the name of the error, the HTTP status,
 * or the code of a broken connection.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 */
export function faultOf(error: unknown): ReadFault {
  if (!(error instanceof Error)) return 'ours';
  const sdkError = error as Parameters<typeof isThrottlingError>[0];
  if (isThrottlingError(sdkError)) return 'throttled';
  return isTransientError(sdkError) ? 'transient' : 'ours';
}
