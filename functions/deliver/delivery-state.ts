import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** What is known of a log that was not delivered yet. It travels in the attributes of its message. */
export interface DeliveryState {
  /** How many attempts were made. Receipts of the message do not count: throttled invocations are receipts, too. */
  readonly attempts: number;
  /** How many of the last attempts, in a row, the service denied. */
  readonly denials: number;
  /** When it could not be delivered for the first time, epoch milliseconds. */
  readonly firstFailedAt: number;
  /** Why it was not delivered last. */
  readonly reason: string;
  /** When it is due, epoch milliseconds. */
  readonly notBefore: number;
}

/** The names of the attributes. `Reason`, `Attempts` and `FirstFailedAt` are those of dead letters, too. */
export const ATTRIBUTE = {
  attempts: 'Attempts',
  denials: 'Denials',
  firstFailedAt: 'FirstFailedAt',
  reason: 'Reason',
  notBefore: 'NotBefore',
  /** When the message was sent, by the clock of the function. */
  requeuedAt: 'RequeuedAt',
} as const;

/** How long after it was told to SQS may take to send a message, milliseconds. */
const SENDING_LIMIT_MS = 60_000;

/** A message may hold 1 MiB with its attributes; a reason has no need of more than this, characters. */
const REASON_LIMIT = 1000;

/**
 * Reads what the message says of earlier attempts.
 *
 * @returns nothing for a log that is new, and for one whose message somebody has put back: SQS sent that one long after
 *   the function did, and it begins anew
 */
export function readState({ attributes, messageAttributes }: SQSRecord): DeliveryState | undefined {
  const value = (name: string): string | undefined => messageAttributes[name]?.stringValue;
  const number = (name: string): number => Number(value(name) ?? Number.NaN);
  const requeuedAt = number(ATTRIBUTE.requeuedAt);
  const state = {
    attempts: number(ATTRIBUTE.attempts),
    denials: number(ATTRIBUTE.denials),
    firstFailedAt: number(ATTRIBUTE.firstFailedAt),
    reason: value(ATTRIBUTE.reason) ?? '',
    notBefore: number(ATTRIBUTE.notBefore),
  };
  const isOurs = Object.values(state).every((each) => typeof each === 'string' || Number.isFinite(each));
  const wasPutBack = !(Number(attributes.SentTimestamp) - requeuedAt < SENDING_LIMIT_MS);
  return isOurs && !wasPutBack ? state : undefined;
}

/** The attributes of a message that is sent to the retry queue `now`, epoch milliseconds. */
export const stateAttributes = (
  state: DeliveryState,
  now: number,
): Record<string, MessageAttributeValue> => ({
  ...deadLetterAttributes(state),
  [ATTRIBUTE.denials]: number(state.denials),
  [ATTRIBUTE.notBefore]: number(state.notBefore),
  [ATTRIBUTE.requeuedAt]: number(now),
});

/** The attributes of a message that is given up. */
export const deadLetterAttributes = ({
  attempts,
  firstFailedAt,
  reason,
}: Pick<DeliveryState, 'attempts' | 'firstFailedAt' | 'reason'>): Record<string, MessageAttributeValue> => ({
  [ATTRIBUTE.attempts]: number(attempts),
  [ATTRIBUTE.firstFailedAt]: number(firstFailedAt),
  // SQS takes no control characters, and no empty text
  [ATTRIBUTE.reason]: text(reason.slice(0, REASON_LIMIT).replace(/[^\x20-\x7e]/g, '?') || 'unknown'),
});

const number = (value: number): MessageAttributeValue => ({
  DataType: 'Number',
  StringValue: String(Math.round(value)),
});
const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
