import { SECOND } from '../../../shared/time.ts';
import type { DeliveryOutcome } from '../outcome.ts';

/** 4xx statuses that may pass: the request timed out, came too early, or too often. */
const PASSING = new Set([408, 425, 429]);

/**
 * 4xx statuses that a service has while it, or a secret, is being changed: it is deployed anew, its gateway does not
 * know the path yet, it does not know the new secret yet. They deny a log, and are final after a few times.
 */
const DENYING = new Set([401, 403, 404]);

/**
 * What the status of a response means. 2xx is success. A redirect is not followed: a service that moved must be
 * configured anew, so no attempt will succeed.
 *
 * @param retryAfter the response's `Retry-After`, seconds or an HTTP date (RFC 9110, 10.2.3)
 * @param now epoch milliseconds
 */
export function httpOutcome(status: number, retryAfter: string | undefined, now: number): DeliveryOutcome {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `the service answered ${status}`;
  const isDenied = DENYING.has(status);
  if (status >= 300 && status < 500 && !isDenied && !PASSING.has(status)) return { kind: 'refused', reason };
  const afterMs = retryAfter === undefined ? undefined : waitOf(retryAfter, now);
  return { kind: isDenied ? 'denied' : 'failed', reason, ...(afterMs === undefined ? {} : { afterMs }) };
}

function waitOf(retryAfter: string, now: number): number | undefined {
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter) * SECOND;
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
