/**
 * Every error that a caller of the API can get: its code, its status, when it occurs, what to do, and its text if that is
 * always the same. Any other failure is a fault of the service, and the caller gets a 500 without internals.
 */

/** What the contract says of an error of the API (docs/contract.md#errors). `npm run contract-tables` writes its table. */
export interface ApiError {
  /** Of the answer. The gateway chooses the status of its two defaults by itself. */
  readonly status: number | '4xx' | '5xx';
  readonly when: string;
  /** What the caller can do about it. */
  readonly advice: string;
  /** What the answer says, where it always says the same. */
  readonly message?: string;
  /** Seconds after which to send the request again, where that helps: the header `Retry-After`. */
  readonly retryAfter?: number;
  /** Further members of the body's `error` object, each with what it is. */
  readonly members?: Readonly<Record<string, string>>;
}

const HOW_TO_READ = 'Logs are read with GET /player/api/get-security-logs and the header apiKey.';

/** Every error that the functions answer with, by its code. */
export const SERVICE_ERRORS = {
  unknown_parameter: {
    status: 400,
    when: 'the query has a parameter that does not exist',
    advice: 'remove it; the message lists the parameters',
  },
  missing_parameter: {
    status: 400,
    when: '`start_time` is missing',
    advice: 'add it',
  },
  repeated_parameter: {
    status: 400,
    when: 'a parameter is given more than once',
    advice: 'give it once',
  },
  invalid_time: {
    status: 400,
    when: 'a time is in no accepted format, or is not a real date and time',
    advice: 'correct it; the message names the parameter, its value and the formats',
  },
  invalid_app_type: {
    status: 400,
    when: '`app_type` is neither `player` nor `builder`',
    advice: 'correct it, or leave it out for both',
  },
  invalid_format: {
    status: 400,
    when: '`format` is none of `published`, `ecs` and `ocsf`',
    advice: 'correct it, or leave it out for the published format',
  },
  invalid_ocsf_version: {
    status: 400,
    when: '`ocsf_version` is no version that the service writes, or `format` is not `ocsf`',
    advice: 'take a version of the message, with `format=ocsf`',
  },
  invalid_action: {
    status: 400,
    when: '`action` names something that is neither an action nor a group',
    advice: 'correct it; the message lists the names',
  },
  invalid_outcome: {
    status: 400,
    when: '`outcome` names something that is none of `success`, `failure` and `none`',
    advice: 'correct it',
  },
  invalid_rid: {
    status: 400,
    when: '`rid` is empty, or longer than 1,024 characters',
    advice: 'correct it, or leave it out for all logs',
  },
  invalid_order: {
    status: 400,
    when: '`order` is neither `asc` nor `desc`',
    advice: 'correct it, or leave it out for `asc`',
  },
  invalid_end: {
    status: 400,
    when: '`end` is not `line`, or the answer is not of lines',
    advice: 'correct it, and send `Accept: application/x-ndjson` with it',
  },
  invalid_cursor: {
    status: 400,
    when: 'the `cursor` is damaged, or that of the feed is ahead of everything that is stored',
    advice: 'send the cursor of an answer as it was; without one, the answer begins at the oldest log',
  },
  invalid_limit: {
    status: 400,
    when: 'the `limit` is not a whole number from 1 to 10,000',
    advice: 'correct it, or leave it out for 1,000',
  },
  invalid_state: {
    status: 400,
    when: '`state` names something that is no state of a delivery',
    advice: 'correct it; the message lists the states',
  },
  invalid_id: {
    status: 400,
    when: '`id` is not the id of a delivery',
    advice: 'send the id that the custom service got, or that of an answer',
  },
  invalid_window: {
    status: 400,
    when: 'the window ends before it begins',
    advice: 'give an `end_time` that is not before `start_time`',
  },
  conflicting_parameters: {
    status: 400,
    when: '`end_time` and `end_type` are different times, or there is another parameter beside `id`',
    advice: 'give only `end_time`, or only `id`',
  },
  unauthorized: {
    status: 401,
    when: 'the API key is missing or wrong',
    advice: 'send the right key; a new key is accepted after a minute at most',
    message:
      'a valid API key is required, in the header apiKey, in X-Api-Key, or in Authorization after Bearer',
  },
  no_custom_service: {
    status: 404,
    when: 'deliveries are asked for, and no custom service is configured that gets each log',
    advice: 'read the logs with the other addresses, or configure a custom service',
    message:
      'no custom service is configured that gets each log: delivery.method of the settings is "api", or files of many logs are written',
  },
  application_not_allowed: {
    status: 403,
    when: 'the key opens the logs of one application only, and `app_type` names another, or the status of the whole service is asked for',
    advice: 'leave `app_type` out, or ask whoever operates the service for another key',
  },
  method_not_allowed: {
    status: 405,
    when: 'the method is neither `GET` nor `HEAD`',
    advice: 'use `GET`; the header `Allow` lists both',
  },
  not_acceptable: {
    status: 406,
    when: '`Accept` excludes every format of an answer',
    advice: 'accept one of the media types in the message',
  },
  no_acceptable_encoding: {
    status: 406,
    when: '`Accept-Encoding` excludes every encoding, `identity` too',
    advice: 'accept one of the encodings in the message',
  },
  window_too_large: {
    status: 408,
    when: 'the window holds more than can be read and sent in time',
    advice: 'ask again with the `next_end_time` of the error as `end_time`, then go on from there',
    members: { next_end_time: 'the end of a window that is expected to fit, in the format of `end_time`' },
  },
  second_too_large: {
    status: 408,
    when: 'the first second of the window alone holds more than one answer can carry',
    advice: 'ask for a compressed answer, or for one `app_type` at a time',
  },
  read_too_slow: {
    status: 408,
    when: 'not even one second could be read in time: the store is slow, or the request waited too long',
    advice: 'ask again in a while; the message says what would be less to read',
  },
  internal_error: {
    status: 500,
    when: 'the service has a fault, which it has logged',
    advice: "report the error's `request_id`",
    members: { request_id: 'the id under which the service has logged why' },
    message: 'the request could not be answered; the service has logged why under this request_id',
  },
  store_unavailable: {
    status: 503,
    when: 'the store or the secret of the API key cannot be read at the moment',
    advice: 'send the request again after `Retry-After`',
    message: 'the logs cannot be read at the moment; ask again after 5 seconds',
    retryAfter: 5,
  },
} as const satisfies Readonly<Record<string, ApiError & { readonly status: number }>>;

export type ErrorCode = keyof typeof SERVICE_ERRORS;

/** Every error that API Gateway answers with by itself, by its code; infra/gateway-responses.ts sets them up. */
export const GATEWAY_ERRORS = {
  unknown_path: {
    status: 403,
    when: 'there is no such path or method',
    advice: 'correct the URL',
    message: `There is no such path or method. ${HOW_TO_READ}`,
  },
  access_denied: {
    status: 403,
    when: 'a resource policy of the API or a firewall refuses the request, whatever the key',
    advice: 'ask whoever operates the API',
    message: 'A policy of this API refuses the request, whatever the apiKey.',
  },
  request_too_large: {
    status: 413,
    when: 'the request is too large',
    advice: 'send no body',
    message: `The request is too large. ${HOW_TO_READ}`,
  },
  throttled: {
    status: 429,
    when: 'too many requests come at once',
    advice: 'send the request again after `Retry-After`',
    message: 'Too many requests at once. Wait a second and send the request again.',
    retryAfter: 1,
  },
  quota_exceeded: {
    status: 429,
    when: 'a quota of requests is used up',
    advice: 'send the request again after `Retry-After`',
    message: 'The quota of requests is used up.',
    retryAfter: 3600,
  },
  gateway_timeout: {
    status: 504,
    when: 'the function did not answer in time',
    advice: 'send the request again, or ask for a shorter window',
    message: 'The service did not answer in time. Send the request again, or ask for a shorter time range.',
    retryAfter: 5,
  },
  request_refused: {
    status: '4xx',
    when: 'the gateway refuses the request for another reason',
    advice: 'look at the status',
    message: `The gateway refused the request; the status says why. ${HOW_TO_READ}`,
  },
  gateway_error: {
    status: '5xx',
    when: 'the gateway could not pass on the request or the answer',
    advice: 'send the request again after `Retry-After`; if that fails, report the header `x-amzn-requestid`',
    message:
      'The service could not answer. Send the request again; if that fails, report the x-amzn-requestid header.',
    retryAfter: 5,
  },
} as const satisfies Readonly<Record<string, ApiError & { readonly message: string }>>;

export type GatewayErrorCode = keyof typeof GATEWAY_ERRORS;

/** An error that the caller of the API is answered with (docs/contract.md#errors). Its code decides the status. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly code: ErrorCode;
  readonly status: number;
  /** Further members of the body's `error` object. */
  readonly details: Readonly<Record<string, string>>;
  /** Further headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ErrorCode,
    message: string,
    details: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    const { status, retryAfter }: ApiError & { status: number } = SERVICE_ERRORS[code];
    this.code = code;
    this.status = status;
    this.details = details;
    this.headers = retryAfter === undefined ? headers : { 'Retry-After': String(retryAfter), ...headers };
  }
}
