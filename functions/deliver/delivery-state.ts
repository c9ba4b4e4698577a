import type { QueueMessage } from '../sqs-batch.ts';

/** What is known of a log that was not delivered yet. It is kept in the attributes of the log's message. */
export interface DeliveryState {
  /** How many attempts were made. Receipts of the message do not count: throttled invocations are receipts, too. */
  readonly attempts: number;
  /** How many of the latest attempts, in a row, the service denied. */
  readonly denials: number;
  /** When it could not be delivered for the first time, epoch milliseconds. */
  readonly firstFailedAt: number;
  /** Why the latest attempt did not deliver it. */
  readonly reason: string;
  /** When the next attempt is due, epoch milliseconds. */
  readonly notBefore: number;
  /**
   * When the lifetime of the log ends, epoch milliseconds; while the log was not read yet, a time that is not earlier.
   * Undefined if an earlier release sent the message.
   */
  readonly expiresAt?: number | undefined;
}

/** The names of the attributes. Dead letters have `Reason`, `Attempts` and `FirstFailedAt`, too. */
export const ATTRIBUTE = {
  attempts: 'Attempts',
  denials: 'Denials',
  firstFailedAt: 'FirstFailedAt',
  reason: 'Reason',
  notBefore: 'NotBefore',
  expiresAt: 'ExpiresAt',
  /** When the message was sent, by the clock of the function. */
  requeuedAt: 'RequeuedAt',
} as const;

/** Attributes of a message, by name. */
export type StateAttributes = Readonly<Record<string, string | number>>;

/** The longest time between the function's clock at sending and the sending time of SQS, milliseconds. */
const SENDING_LIMIT_MS = 60_000;

/**
 * Reads from a message what is known of earlier attempts.
 *
 * @returns undefined for a new log, and for a message that somebody has put back: SQS sent that one long after
 *   the function did, so its attempts start again from zero
 */
export function readState({
  sentAt,
  attributes,
}: Pick<QueueMessage, 'sentAt' | 'attributes'>): DeliveryState | undefined {
  const number = (name: string): number => Number(attributes[name] ?? Number.NaN);
  const requeuedAt = number(ATTRIBUTE.requeuedAt);
  const state = {
    attempts: number(ATTRIBUTE.attempts),
    denials: number(ATTRIBUTE.denials),
    firstFailedAt: number(ATTRIBUTE.firstFailedAt),
    reason: attributes[ATTRIBUTE.reason] ?? '',
    notBefore: number(ATTRIBUTE.notBefore),
    ...(attributes[ATTRIBUTE.expiresAt] !== undefined && { expiresAt: number(ATTRIBUTE.expiresAt) }),
  };
  const isOurs = Object.values(state).every((each) => typeof each === 'string' || Number.isFinite(each));
  const wasPutBack = !(sentAt - requeuedAt < SENDING_LIMIT_MS);
  return isOurs && !wasPutBack ? state : undefined;
}

/** The attributes of a message that is sent to the retry queue `now`, epoch milliseconds. */
export const stateAttributes = (state: DeliveryState, now: number): StateAttributes => ({
  ...deadLetterAttributes(state),
  [ATTRIBUTE.denials]: state.denials,
  [ATTRIBUTE.notBefore]: state.notBefore,
  ...(state.expiresAt !== undefined && { [ATTRIBUTE.expiresAt]: state.expiresAt }),
  [ATTRIBUTE.requeuedAt]: now,
});

/** The attributes of a message that is sent to the dead-letter queue. */
export const deadLetterAttributes = ({
  attempts,
  firstFailedAt,
  reason,
}: Pick<DeliveryState, 'attempts' | 'firstFailedAt' | 'reason'>): StateAttributes => ({
  [ATTRIBUTE.attempts]: attempts,
  [ATTRIBUTE.firstFailedAt]: firstFailedAt,
  [ATTRIBUTE.reason]: reason,
});
