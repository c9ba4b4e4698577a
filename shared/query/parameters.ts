import * as z from 'zod/mini';
import { explain } from '../errors.ts';
import type { Application } from '../event/bus-events.ts';
import { HttpError } from '../http-errors.ts';
import { floorToSecond, SECOND } from '../time.ts';
import { CHOICE_PARAMETERS, type LogChoice, logChoice } from './choice-parameters.ts';
import { ORDERS, type Order } from './order.ts';
import { appType, once, oneOf, type QueryParameters, readParameters, time } from './read-parameters.ts';
import type { TimeFormat, TimeParameter } from './time-parameter.ts';
import { formatQueryTime, type TimeWindow } from './time-window.ts';

/** A query, read from its parameters (docs/contract.md#reading-logs). */
export interface LogQuery extends LogChoice {
  readonly window: TimeWindow;
  readonly applications: readonly Application[];
  /** The end of the window, as the caller is told it. A query that starts there continues without gap or repeat. */
  readonly endTime: string;
  /** The format of other times that the caller is told. */
  readonly timeFormat: TimeFormat;
  /** Undefined for `asc`. */
  readonly order?: Order | undefined;
  /** Whether an answer of lines has a last line that says so. */
  readonly end?: 'line' | undefined;
}

export const windowParameters = z.strictObject({
  start_time: time('start_time', 'Logs whose event occurred at or after it.'),
  end_time: z.optional(
    time('end_time', 'Logs whose event occurred before it. Default: now, rounded down to the second.'),
  ),
  end_type: z.optional(
    time('end_type', 'Another name of end_time. If both are given, they must be the same instant.'),
  ),
  app_type: appType,
  ...CHOICE_PARAMETERS,
  order: z.optional(
    once('order', 'invalid_order', ORDERS.join(', '), oneOf(ORDERS), {
      description: 'By time, then by id; desc is exactly the reverse.',
      schema: { type: 'string', enum: ORDERS, default: ORDERS[0] },
    }),
  ),
  end: z.optional(
    once('end', 'invalid_end', 'line', oneOf(['line'] as const), {
      description: 'The body ends with a line that says so. Only with Accept: application/x-ndjson.',
      schema: { type: 'string', enum: ['line'] },
    }),
  ),
});

/**
 * Reads the parameters of a query. A window that ends where it begins is valid, and empty.
 *
 * @param now epoch milliseconds: a query without an end ends at the latest whole second, but not before its start
 * @throws HttpError 400 that names the parameter, the value received and what is accepted
 */
export function parseLogQuery(parameters: QueryParameters, now: number): LogQuery {
  const {
    start_time,
    end_time,
    end_type,
    app_type,
    order,
    end: lastLine,
    ...choices
  } = readParameters(windowParameters, parameters);

  if (end_time && end_type && end_time.instant !== end_type.instant) {
    const message = explain('end_type', end_type.text, `the value of end_time, ${end_time.text}`);
    throw new HttpError('conflicting_parameters', message);
  }
  const end = end_time ?? end_type;
  if (end && end.instant < start_time.instant) {
    const accepted = `start_time or later, ${start_time.text}`;
    const message = explain(end_time ? 'end_time' : 'end_type', end.text, accepted);
    throw new HttpError('invalid_window', message);
  }
  const { instant: until, text: endTime } = end ?? openEnd(start_time, now);
  return {
    window: { from: start_time.instant, until },
    applications: app_type,
    endTime,
    timeFormat: (end ?? start_time).format,
    ...logChoice(choices),
    order,
    end: lastLine,
  };
}

/** In the published format, unless it cannot express the fraction of a start that lies in the future. */
function openEnd(start: TimeParameter, now: number): Pick<TimeParameter, 'instant' | 'text'> {
  const instant = Math.max(start.instant, floorToSecond(now));
  return { instant, text: instant % SECOND === 0 ? formatQueryTime(instant) : start.text };
}
