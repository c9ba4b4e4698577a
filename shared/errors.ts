/** The errors that the domain throws, beside those for callers of the API (http-errors.ts), and the words of errors. */

export type RejectionCode =
  | 'not_an_event'
  | 'unknown_source'
  | 'unknown_detail_type'
  | 'missing_action'
  | 'unknown_action'
  | 'no_usable_time';

/** An event that cannot be a log, with the reason its producer is told (docs/contract.md#publishing-an-event). */
export class EventRejected extends Error {
  override readonly name = 'EventRejected';
  readonly code: RejectionCode;

  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * DynamoDB failed, again and again, while nothing was wrong with what it was asked: with the status 5xx, a timeout or a
 * broken connection. Another attempt may succeed in a moment. `cause` is what the last attempt met. Throttling is
 * not such a failure.
 */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/** How much of a wrong value an error repeats, in UTF-16 code units. */
const SHOWN_VALUE_LIMIT = 200;

/**
 * Words for a wrong input: which, what was received, what is accepted.
 *
 * @param value shown as JSON and cut; undefined reads "missing"
 */
export function explain(input: string, value: unknown, accepted: string): string {
  const shown = value === undefined ? 'is missing' : `is ${abbreviate(value)}`;
  return `${input} ${shown}; accepted: ${accepted}`;
}

function abbreviate(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  const json = JSON.stringify(typeof value === 'string' ? value.slice(0, SHOWN_VALUE_LIMIT) : value);
  return typeof value === 'string' && value.length > SHOWN_VALUE_LIMIT ? `${json} and more` : json;
}
