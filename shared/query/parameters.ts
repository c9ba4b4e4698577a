import * as z from 'zod/mini';
import { explain } from '../errors.ts';
import { APPLICATIONS, type Application } from '../event/bus-events.ts';
import { type ErrorCode, HttpError } from '../http-errors.ts';
import { floorToSecond, SECOND } from '../time.ts';
import { parseTimeParameter, TIME_FORMATS, type TimeFormat, type TimeParameter } from './time-parameter.ts';
import { formatQueryTime, type TimeWindow } from './time-window.ts';

/** A query, read from its parameters (docs/contract.md#reading-logs). */
export interface LogQuery {
  readonly window: TimeWindow;
  readonly applications: readonly Application[];
  /** The end of the window, as the caller is told it. A query that starts there continues without gap or repeat. */
  readonly endTime: string;
  /** The format of other times that the caller is told. */
  readonly timeFormat: TimeFormat;
}

/** Each parameter of the query string with all of its values, in order. */
export type QueryParameters = Readonly<Record<string, readonly string[] | undefined>>;

/** A parameter that may be given once. An error names it, and has the `code` if the value cannot be read. */
function once<T>(name: string, code: ErrorCode, accepted: string, read: (value: string) => T | undefined) {
  return z.pipe(
    z.array(z.string()),
    z.transform((values, context): T => {
      const [value = '', ...others] = values;
      const result = others.length === 0 ? read(value) : undefined;
      if (result !== undefined) return result;
      const message =
        others.length > 0 ? `${name} is given ${values.length} times; accepted: once` : undefined;
      context.issues.push({
        code: 'custom',
        input: values,
        message: message ?? explain(name, value, accepted),
        params: { code: (message ? 'repeated_parameter' : code) satisfies ErrorCode },
      });
      return z.NEVER;
    }),
  );
}

const time = (name: string) =>
  once(name, 'invalid_time', `${TIME_FORMATS}; a real date and time`, parseTimeParameter);

const parametersSchema = z.strictObject({
  start_time: time('start_time'),
  end_time: z.optional(time('end_time')),
  /** Another name of `end_time`. */
  end_type: z.optional(time('end_type')),
  app_type: z.optional(
    once('app_type', 'invalid_app_type', APPLICATIONS.join(', '), (value) =>
      APPLICATIONS.find((application) => application === value),
    ),
  ),
});

const PARAMETERS = Object.keys(parametersSchema.shape).join(', ');

/**
 * Reads the parameters of a query. A window that ends where it begins is valid, and empty.
 *
 * @param now epoch milliseconds: a query without an end ends at the latest whole second, but not before its start
 * @throws HttpError 400 that names the parameter, the value received and what is accepted
 */
export function parseLogQuery(parameters: QueryParameters, now: number): LogQuery {
  const result = parametersSchema.safeParse(parameters);
  if (!result.success) throw badRequest(result.error.issues[0], parameters);
  const { start_time, end_time, end_type, app_type } = result.data;

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
    applications: app_type === undefined ? APPLICATIONS : [app_type],
    endTime,
    timeFormat: (end ?? start_time).format,
  };
}

/** In the published format, unless it cannot express the fraction of a start that lies in the future. */
function openEnd(start: TimeParameter, now: number): Pick<TimeParameter, 'instant' | 'text'> {
  const instant = Math.max(start.instant, floorToSecond(now));
  return { instant, text: instant % SECOND === 0 ? formatQueryTime(instant) : start.text };
}

function badRequest(issue: z.core.$ZodIssue | undefined, parameters: QueryParameters): HttpError {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const message = `unknown parameter ${JSON.stringify(name)}; accepted: ${PARAMETERS}`;
    return new HttpError('unknown_parameter', message);
  }
  if (issue?.code === 'custom') return new HttpError(issue.params?.['code'] as ErrorCode, issue.message);
  const name = String(issue?.path[0]);
  return new HttpError('missing_parameter', explain(name, parameters[name]?.[0], TIME_FORMATS));
}
