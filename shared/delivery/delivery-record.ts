/**
 * What is recorded of the delivery of a log: the text of the attribute `delivery` of the log's item
 * (docs/custom-services.md#what-is-recorded).
 *
 * The text begins with a digit that tells whether the log was delivered, and with the time of the record in 15 digits. So
 * texts sort as records replace each other: a later record is greater than an earlier one, and `delivered` is greater
 * than everything else. These 16 characters mean the same in every version. Then come a character for the version, one for
 * the state, and the rest: `0001795251602500` `1` `w` `3,503,120,18800,20000,` and the reason.
 */
export interface DeliveryRecord {
  readonly state: RecordedState;
  /** How many attempts were made; 0 if there was none. */
  readonly attempts: number;
  /** When the last attempt began, or, where the record follows no attempt, when it was made; epoch milliseconds. */
  readonly at: number;
  /** How long the attempt took, milliseconds; undefined if the record follows no attempt. */
  readonly durationMs?: number | undefined;
  /** The HTTP status of an https service. */
  readonly status?: number | undefined;
  /** Why the attempt failed, or why there was none. ASCII; it may be cut. */
  readonly reason?: string | undefined;
  /** When the log could not be delivered for the first time, epoch milliseconds. */
  readonly firstFailedAt?: number | undefined;
  /** When the next attempt is due, epoch milliseconds. */
  readonly nextAttemptAt?: number | undefined;
}

/** The states that are recorded, and the characters that stand for them. */
const LETTERS = { delivered: 'd', waiting: 'w', failed: 'f', expired: 'e' } as const;
export type RecordedState = keyof typeof LETTERS;

/** Every record of a delivered log is at least this text, and every other record is less. */
export const DELIVERED_RANK = '1';
const UNDELIVERED_RANK = '0';

const VERSION = '1';
const TIME_DIGITS = 15;
const HEAD_LENGTH = DELIVERED_RANK.length + TIME_DIGITS + VERSION.length + 1;

/** The longest reason in a record, characters: bytes, too, because it is ASCII. */
export const REASON_LIMIT = 100;
/** The largest number in a record. Numbers that are larger are recorded as this one. */
const LARGEST = 9_999_999_999;

/** What a status alone says as well. It is not recorded again. */
const answered = (status: number): string => `the service answered ${status}`;
const ANSWERED = /^the service answered (\d{3})$/;

/**
 * Writes a record as text.
 *
 * @param room how many bytes the text should take at most: the reason is cut, or left out. Without a reason a record takes
 *   less than 70 bytes, even if there is less room. Default: room for every reason
 */
export function encodeRecord(record: DeliveryRecord, room = Number.POSITIVE_INFINITY): string {
  const { state, attempts, at, durationMs, firstFailedAt, nextAttemptAt } = record;
  const reason = asciiText(record.reason ?? '');
  const status = record.status ?? statusIn(reason);
  const numbers = [
    attempts,
    status,
    durationMs,
    firstFailedAt === undefined ? undefined : at - firstFailedAt,
    nextAttemptAt === undefined ? undefined : nextAttemptAt - at,
  ];
  const rank = state === 'delivered' ? DELIVERED_RANK : UNDELIVERED_RANK;
  const time = String(Math.max(0, Math.round(at))).padStart(TIME_DIGITS, '0');
  const text = `${rank}${time}${VERSION}${LETTERS[state]}${numbers.map(digits).join(',')},`;
  const isImplied = status !== undefined && reason === answered(status);
  return isImplied ? text : text + reason.slice(0, Math.max(0, Math.min(REASON_LIMIT, room - text.length)));
}

/**
 * When the attempt began that delivered a log, epoch milliseconds. Texts of every version say it.
 *
 * @param text of the record, if there is one
 * @returns undefined if the log is not recorded as delivered
 */
export const deliveredAt = (text: string | undefined): number | undefined =>
  text?.startsWith(DELIVERED_RANK) ? Number(text.slice(1, 1 + TIME_DIGITS)) : undefined;

/** @returns undefined if a later release wrote the text, or if it is no record */
export function decodeRecord(text: string): DeliveryRecord | undefined {
  const state = stateOfLetter(text[HEAD_LENGTH - 1]);
  if (text[HEAD_LENGTH - 2] !== VERSION || state === undefined) return undefined;
  const fields = FIELDS.exec(text.slice(HEAD_LENGTH))?.groups;
  const at = Number(text.slice(1, 1 + TIME_DIGITS));
  if (fields === undefined || !Number.isSafeInteger(at)) return undefined;
  const number = (name: string): number | undefined =>
    fields[name] === undefined || fields[name] === '' ? undefined : Number(fields[name]);
  const [sinceFirst, untilNext] = [number('sinceFirst'), number('untilNext')];
  const status = number('status');
  const reason = fields['reason'] || (status === undefined || state === 'delivered' ? '' : answered(status));
  return {
    state,
    attempts: number('attempts') ?? 0,
    at,
    durationMs: number('durationMs'),
    status,
    reason: reason === '' ? undefined : reason,
    firstFailedAt: sinceFirst === undefined ? undefined : at - sinceFirst,
    nextAttemptAt: untilNext === undefined ? undefined : at + untilNext,
  };
}

const FIELDS =
  /^(?<attempts>\d*),(?<status>\d*),(?<durationMs>\d*),(?<sinceFirst>\d*),(?<untilNext>\d*),(?<reason>.*)$/;

const digits = (number: number | undefined): string =>
  number === undefined ? '' : String(Math.min(LARGEST, Math.max(0, Math.round(number))));

const asciiText = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

function statusIn(reason: string): number | undefined {
  const status = ANSWERED.exec(reason)?.[1];
  return status === undefined ? undefined : Number(status);
}

const stateOfLetter = (letter: string | undefined): RecordedState | undefined =>
  (Object.keys(LETTERS) as RecordedState[]).find((state) => LETTERS[state] === letter);
