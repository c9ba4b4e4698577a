/**
 * The errors that mean something to someone outside, in one place. Everything else is a fault of ours: the caller
 * of the API sees it as a 500 without internals, an event that meets it stays in its queue.
 */

/** An error meant for the caller of the API: the status, and the body's `error` object (docs/contract.md#reading-logs). */
export class CallerError extends Error {
  override readonly name = 'CallerError';
  readonly status: number;
  readonly code: string;
  /** Further members of the body's `error` object. */
  readonly details: Readonly<Record<string, string>>;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
    this.headers = headers;
  }
}

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
