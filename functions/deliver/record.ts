import type { DeliveryRecord } from '../../shared/delivery/delivery-record.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { Settled, Step } from './retry-policy.ts';

/** An attempt: when it began, epoch milliseconds, and how long it took, milliseconds. */
export interface Attempt {
  readonly startedAt: number;
  readonly ms: number;
}

/**
 * What to record of one receipt of a message. An attempt is recorded, and so is the end of a log that cannot be tried any
 * more. A log that is put back without an attempt is recorded the first time only: that says that it waits, and why, and
 * costs no further write while the service is spared.
 *
 * @param step what happens to the message next
 * @param before what was known of the log; undefined for a new one
 * @param attempt undefined if none was made
 * @param now epoch milliseconds
 * @returns undefined if there is nothing to record
 */
export function recordOf(
  settled: Settled,
  step: Step,
  before: DeliveryState | undefined,
  attempt: Attempt | undefined,
  now: number,
): DeliveryRecord | undefined {
  const made = {
    at: attempt?.startedAt ?? now,
    durationMs: attempt?.ms,
    status: 'status' in settled ? settled.status : undefined,
  };
  switch (settled.kind) {
    case 'overtaken':
    case 'missing':
    case 'unusable':
      return undefined;
    case 'delivered':
      return {
        state: 'delivered',
        attempts: (before?.attempts ?? 0) + 1,
        firstFailedAt: before?.firstFailedAt,
        ...made,
      };
    case 'expired':
      return {
        state: 'expired',
        attempts: before?.attempts ?? 0,
        reason: before?.reason,
        firstFailedAt: before?.firstFailedAt,
        ...made,
      };
  }
  if (step.kind === 'done' || (settled.kind === 'postponed' && step.kind === 'retry' && before))
    return undefined;
  const { attempts, reason, firstFailedAt, notBefore } = step.state;
  return step.kind === 'retry'
    ? { state: 'waiting', attempts, reason, firstFailedAt, nextAttemptAt: notBefore, ...made }
    : { state: 'failed', attempts, reason, firstFailedAt, ...made };
}
