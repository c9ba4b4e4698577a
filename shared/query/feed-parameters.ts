import * as z from 'zod/mini';
import type { Application } from '../event/bus-events.ts';
import type { Start } from '../feed/begin-reading.ts';
import { acceptedCursor, CURSOR_SCHEMA, parseCursor } from '../feed/cursor.ts';
import { FIRST_INSTANT } from '../time.ts';
import { CHOICE_PARAMETERS, type LogChoice, logChoice } from './choice-parameters.ts';
import { limitParameter } from './limit-parameter.ts';
import {
  appType,
  keptParameters,
  once,
  type QueryParameters,
  readParameters,
  withoutEmptyCursor,
} from './read-parameters.ts';
import { parseTimeParameter, TIME_FORMATS, TIME_SCHEMA } from './time-parameter.ts';

/** A request to the feed, read from its parameters (docs/contract.md#the-feed). */
export interface FeedQuery extends LogChoice {
  readonly start: Start;
  readonly limit: number;
  readonly applications: readonly Application[];
  /** The parameters that the next request has again, as the caller wrote them. */
  readonly kept: Readonly<Record<string, string>>;
}

const startTime = (value: string): Start | undefined => {
  if (value === 'now') return { kind: 'now' };
  const time = parseTimeParameter(value);
  return time && { kind: 'since', since: Math.max(FIRST_INSTANT, time.instant) };
};

const cursor = (value: string): Start | undefined => {
  const position = parseCursor(value);
  return position && { kind: 'cursor', cursor: position };
};

export const feedParameters = z.strictObject({
  cursor: z.optional(
    once('cursor', 'invalid_cursor', acceptedCursor, cursor, {
      description:
        'The place after which to read: the cursor of an earlier answer, as it was. An empty one counts as absent.',
      schema: CURSOR_SCHEMA,
    }),
  ),
  start_time: z.optional(
    once('start_time', 'invalid_time', `now, ${TIME_FORMATS}; a real date and time`, startTime, {
      description:
        'Logs that were stored at or after this time, or now: what is not finished being stored yet. Not looked at with a cursor. Default: the oldest log that is kept.',
      schema: { type: 'string', anyOf: [{ const: 'now' }, TIME_SCHEMA] },
    }),
  ),
  limit: limitParameter,
  app_type: appType,
  ...CHOICE_PARAMETERS,
});

const KEPT = ['limit', 'app_type', ...Object.keys(CHOICE_PARAMETERS)];

/** @throws HttpError 400 that names the parameter, the value received and what is accepted */
export function parseFeedQuery(parameters: QueryParameters): FeedQuery {
  const { cursor, start_time, limit, app_type, ...choices } = readParameters(
    feedParameters,
    withoutIgnored(parameters),
  );
  return {
    start: cursor ?? start_time ?? { kind: 'oldest' },
    limit,
    applications: app_type,
    ...logChoice(choices),
    kept: keptParameters(parameters, KEPT),
  };
}

/** A caller that has a cursor may still send its first `start_time`, which no longer counts. */
function withoutIgnored(parameters: QueryParameters): QueryParameters {
  const given = withoutEmptyCursor(parameters);
  if (given['cursor'] === undefined) return given;
  const { start_time, ...withoutStart } = given;
  return withoutStart;
}
