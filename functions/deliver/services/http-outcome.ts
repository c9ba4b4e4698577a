import { SECOND } from '../../../shared/time.ts';
import type { DeliveryOutcome } from '../outcome.ts';

/** 4xx statuses of temporary failures: the request timed out, came too early, or too often. */
const TEMPORARY = new Set([408, 425, 429]);

/**
 * 4xx statuses that may be temporary, because the service is being deployed, its gateway does not know the path yet, or
 * it does not know a new secret yet. They deny the log; after several denials in a row the log is given up.
 */
const DENYING = new Set([401, 403, 404]);

/**
 * Translates the status of a response. 2xx is success. A redirect is a permanent failure: if the service has moved, its
 * URL in the settings has to be changed.
 *
 * @param retryAfter the response's `Retry-After`, seconds or an HTTP date (RFC 9110, 10.2.3)
 * @param now epoch milliseconds
 */
export function httpOutcome(status: number, retryAfter: string | undefined, now: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered', status };
  const reason = `the service answered ${status}`;
  const isDenied = DENYING.has(status);
  if (status >= 300 && status < 500 && !isDenied && !TEMPORARY.has(status))
    return { kind: 'refused', reason, status };
  const afterMs = retryAfter === undefined ? undefined : waitOf(retryAfter, now);
  return {
    kind: isDenied ? 'denied' : 'failed',
    reason,
    status,
    ...(afterMs === undefined ? {} : { afterMs }),
  };
}

function waitOf(retryAfter: string, now: number): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
