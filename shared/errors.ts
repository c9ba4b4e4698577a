/** The errors that the domain throws, beside those for callers of the API (http-errors.ts), and the words of errors. */

/** Why an event cannot be a log, by the code that its producer is told (docs/contract.md#publishing-an-event). */
export const REJECTIONS = {
  missing_action: 'there is no `event.action`',
  unknown_action: '`event.action` is not a string that names one of the nine',
  unknown_source: 'the `Source` is not one of the two',
  unknown_detail_type: 'the `DetailType` is not `Security Event`',
  no_usable_time: "neither `@timestamp` nor the envelope's time lies in the years 1970 to 9999",
  not_an_event: 'the message is not an EventBridge event',
} as const;

export type RejectionCode = keyof typeof REJECTIONS;

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
