import { CURSOR_SCHEMA } from '../feed/cursor.ts';
import { TIME_SCHEMA } from '../query/time-parameter.ts';

/** Every header of an answer that means something to a caller, beside `Content-Type` (docs/contract.md#reading-logs). */

export interface HeaderDocument {
  readonly description: string;
  /** The JSON Schema of its value. */
  readonly schema: Readonly<Record<string, unknown>>;
}

const COUNT = { type: 'integer', minimum: 0 };
const SECONDS = { type: 'integer', minimum: 1 };
const INSTANT = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
};

export const ANSWER_HEADERS = {
  'Number-Of-Results': { description: 'Exactly how many logs the body has.', schema: COUNT },
  'Number-Of-Pages': { description: 'How many pages the body has. Only of JSON.', schema: COUNT },
  'End-Time': {
    description: "The end of the window, for the next request's start_time, in the format of end_time.",
    schema: TIME_SCHEMA,
  },
  'Feed-Cursor': { description: 'The place after this answer.', schema: CURSOR_SCHEMA },
  'Next-Cursor': {
    description: 'The cursor of the next request. Only while there is more.',
    schema: CURSOR_SCHEMA,
  },
  Link: {
    description: 'The next request, with the same parameters but for the cursor. Only while there is more.',
    schema: { type: 'string', pattern: '^<[^<>]+>; rel="next"$' },
  },
  'Feed-Gap': {
    description: 'Logs may be missing. Only if that is so.',
    schema: { type: 'string', enum: ['true'] },
  },
  'Feed-Gap-Since': {
    description: 'Logs that were stored since then may be missing. Only with Feed-Gap.',
    schema: INSTANT,
  },
  'Content-Encoding': {
    description: 'Chosen by Accept-Encoding. Absent if the body is not compressed.',
    schema: { type: 'string', enum: ['zstd', 'br', 'gzip'] },
  },
  'Cache-Control': { description: 'No answer may be kept.', schema: { type: 'string', const: 'no-store' } },
  Vary: {
    description: 'What the answer depends on beside its URL.',
    schema: { type: 'string', enum: ['Accept-Encoding', 'Accept, Accept-Encoding'] },
  },
  Allow: { description: 'The methods that there are.', schema: { type: 'string', const: 'GET, HEAD' } },
  'Retry-After': { description: 'Seconds after which to send the request again.', schema: SECONDS },
  'x-amzn-RequestId': {
    description: 'The id of the request, which the gateway gives to every answer.',
    schema: { type: 'string' },
  },
} as const satisfies Readonly<Record<string, HeaderDocument>>;

export type AnswerHeader = keyof typeof ANSWER_HEADERS;
