import { HOUR } from '../../shared/time.ts';
import type { Backoff } from './backoff.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { DeliveryOutcome } from './outcome.ts';

/** How long after its first failure a log is given up, milliseconds. The API returns it for 48 hours. */
export const GIVE_UP_AFTER_MS = 24 * HOUR;

/** A log is given up after as many denials in a row. */
export const DENIAL_LIMIT = 5;

/** The outcome of one receipt of a message. */
export type Settled =
  | DeliveryOutcome
  /** The lifetime of the log ended before it was delivered. */
  | { readonly kind: 'expired' }
  /** Another message of the log has delivered it since this one failed: a replay, or a copy. */
  | { readonly kind: 'overtaken' }
  /** The log is not in the table: it was never stored, as if the message is forged, or expired long ago. */
  | { readonly kind: 'missing' }
  /** The message names no log. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** No attempt was made, and none should be for `afterMs` milliseconds. */
  | { readonly kind: 'postponed'; readonly reason: string; readonly afterMs: number };

/** What happens to the message next. */
export type Step =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly state: DeliveryState }
  | { readonly kind: 'giveUp'; readonly state: DeliveryState };

/**
 * Decides what happens to a message after its outcome is known.
 *
 * @param backoff the wait before the next attempt
 * @returns a function of the outcome, the earlier state (undefined for a new log), now, and when the lifetime of the log
 *   ends; both epoch milliseconds
 */
export function retryPolicy(backoff: Backoff) {
  return (
    settled: Settled,
    before: DeliveryState | undefined,
    now: number,
    expiresAt: number | undefined,
  ): Step => {
    if (isLast(settled)) return { kind: 'done' };
    const { attempts = 0, denials = 0, firstFailedAt = now } = before ?? {};
    const isAttempt = settled.kind !== 'postponed' && settled.kind !== 'unusable';
    const state: DeliveryState = {
      attempts: attempts + (isAttempt ? 1 : 0),
      denials: denialsAfter(settled, denials),
      firstFailedAt,
      // The reason of an earlier failure says more than that of a postponement.
      reason: isAttempt ? settled.reason : (before?.reason ?? settled.reason),
      notBefore: now,
      expiresAt,
    };
    const ageMs = now - firstFailedAt;
    const isFinal = settled.kind === 'refused' || settled.kind === 'unusable';
    if (isFinal || state.denials >= DENIAL_LIMIT || ageMs >= GIVE_UP_AFTER_MS)
      return { kind: 'giveUp', state };

    const due = now + backoff({ attempts: state.attempts, ageMs, afterMs: settled.afterMs ?? 0 });
    // The last attempt is due when the period of retries ends, even if the service asked for a longer wait.
    return { kind: 'retry', state: { ...state, notBefore: Math.min(due, firstFailedAt + GIVE_UP_AFTER_MS) } };
  };
}

const LAST = ['delivered', 'overtaken', 'expired', 'missing'] as const;

/** Whether nothing more can be done. */
const isLast = (settled: Settled): settled is Extract<Settled, { kind: (typeof LAST)[number] }> =>
  LAST.some((kind) => kind === settled.kind);

function denialsAfter({ kind }: Settled, before: number): number {
  if (kind === 'denied') return before + 1;
  return kind === 'postponed' ? before : 0;
}
