import * as z from 'zod/mini';
import { APPLICATIONS, type Application } from './bus-events.ts';
import { CallerError, explain } from './errors.ts';
import { parseQueryTime, type TimeWindow } from './time-window.ts';

/** What a query asks for (contract section 5). */

export interface LogQuery {
  readonly window: TimeWindow;
  readonly applications: readonly Application[];
}

/** Each parameter of the query string with every value it was given, in order. */
export type QueryParameters = Readonly<Record<string, readonly string[] | undefined>>;

const TIME_FORMAT = 'YYYYMMDDHHMMSS, a real date and time in UTC';

/** A parameter that is given once; what is wrong with it is said by name, and `code` goes with it. */
function once<T>(name: string, code: string, accepted: string, read: (value: string) => T | undefined) {
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
        params: { code: message ? 'repeated_parameter' : code },
      });
      return z.NEVER;
    }),
  );
}

const time = (name: string) => once(name, 'invalid_time', TIME_FORMAT, parseQueryTime);

const parametersSchema = z.strictObject({
  start_time: time('start_time'),
  end_time: z.optional(time('end_time')),
  /** The name the article's table prints for `end_time`. */
  end_type: z.optional(time('end_type')),
  app_type: z.optional(
    once('app_type', 'invalid_app_type', APPLICATIONS.join(', '), (value) =>
      APPLICATIONS.find((application) => application === value),
    ),
  ),
});

const PARAMETERS = Object.keys(parametersSchema.shape).join(', ');

/**
 * Reads the parameters of a query.
 *
 * @param now the end of the window if the query names none, epoch milliseconds
 * @throws CallerError 400 that names the parameter, the value received and what is accepted
 */
export function parseLogQuery(parameters: QueryParameters, now: number): LogQuery {
  const result = parametersSchema.safeParse(parameters);
  if (!result.success) throw badRequest(result.error.issues[0], parameters);
  const { start_time, end_time, end_type, app_type } = result.data;

  if (end_time !== undefined && end_type !== undefined && end_time !== end_type) {
    const message = explain(
      'end_type',
      parameters['end_type']?.[0],
      `the value of end_time, ${parameters['end_time']}`,
    );
    throw new CallerError(400, 'conflicting_parameters', message);
  }
  const end = end_time ?? end_type;
  if (end !== undefined && end <= start_time) {
    const name = end_time === undefined ? 'end_type' : 'end_time';
    const message = explain(
      name,
      parameters[name]?.[0],
      `a time after start_time, ${parameters['start_time']}`,
    );
    throw new CallerError(400, 'invalid_window', message);
  }
  return {
    window: { from: start_time, until: end ?? now },
    applications: app_type === undefined ? APPLICATIONS : [app_type],
  };
}

function badRequest(issue: z.core.$ZodIssue | undefined, parameters: QueryParameters): CallerError {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const message = `unknown parameter ${JSON.stringify(name)}; accepted: ${PARAMETERS}`;
    return new CallerError(400, 'unknown_parameter', message);
  }
  if (issue?.code === 'custom') return new CallerError(400, String(issue.params?.['code']), issue.message);
  const name = String(issue?.path[0]);
  return new CallerError(400, 'missing_parameter', explain(name, parameters[name]?.[0], TIME_FORMAT));
}
