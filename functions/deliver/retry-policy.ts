import type { Backoff } from './backoff.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { DeliveryOutcome } from './outcome.ts';

/** How long after its first failure a log is given up, milliseconds. It can be read for 48 hours. */
export const PATIENCE_MS = 24 * 3_600_000;

/** How often in a row a service may deny a log before it is given up. */
export const DENIALS = 5;

/** What has become of a log in one receipt of its message. */
export type Settled =
  | DeliveryOutcome
  /** The log is not in the table any more. */
  | { readonly kind: 'dropped' }
  /** The message names no log. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** No attempt was made, and none should be for `afterMs` milliseconds. */
  | { readonly kind: 'postponed'; readonly reason: string; readonly afterMs: number };

/** What is to be done with the message. */
export type Step =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly state: DeliveryState }
  | { readonly kind: 'giveUp'; readonly state: DeliveryState };

/**
 * Decides how it goes on with a log.
 *
 * @param backoff the wait before the next attempt
 * @returns a function of the outcome, what was known before (nothing of a new log), and now, epoch milliseconds
 */
export function retryPolicy(backoff: Backoff) {
  return (settled: Settled, before: DeliveryState | undefined, now: number): Step => {
    if (settled.kind === 'delivered' || settled.kind === 'dropped') return { kind: 'done' };
    const { attempts = 0, denials = 0, firstFailedAt = now } = before ?? {};
    const isAttempt = settled.kind !== 'postponed' && settled.kind !== 'unusable';
    const state: DeliveryState = {
      attempts: attempts + (isAttempt ? 1 : 0),
      denials: denialsAfter(settled, denials),
      firstFailedAt,
      // Why it was postponed says less than why it failed.
      reason: isAttempt ? settled.reason : (before?.reason ?? settled.reason),
      notBefore: now,
    };
    const ageMs = now - firstFailedAt;
    const isFinal = settled.kind === 'refused' || settled.kind === 'unusable';
    if (isFinal || state.denials >= DENIALS || ageMs >= PATIENCE_MS) return { kind: 'giveUp', state };

    const due = now + backoff({ attempts: state.attempts, ageMs, afterMs: settled.afterMs ?? 0 });
    // A last attempt is made when the patience ends, whatever the service has asked for.
    return { kind: 'retry', state: { ...state, notBefore: Math.min(due, firstFailedAt + PATIENCE_MS) } };
  };
}

function denialsAfter({ kind }: Settled, before: number): number {
  if (kind === 'denied') return before + 1;
  return kind === 'postponed' ? before : 0;
}
