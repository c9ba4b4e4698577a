import * as z from 'zod/mini';
import { explain } from '../errors.ts';
import { APPLICATIONS } from '../event/bus-events.ts';
import { type ErrorCode, HttpError } from '../http-errors.ts';
import { parseTimeParameter, TIME_FORMATS, TIME_SCHEMA } from './time-parameter.ts';

/** What the parameters of the API's resources have in common (docs/contract.md#reading-logs). */

/** Each parameter of the query string with all of its values, in order. */
export type QueryParameters = Readonly<Record<string, readonly string[] | undefined>>;

/** What the API's document says of a parameter (docs/openapi.json). */
export interface ParameterDocument {
  readonly description: string;
  /** The JSON Schema of what `read` accepts. The elements of an array have commas between. */
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Each parameter, with the code of the error that a wrong value gets. */
export const PARAMETERS = z.registry<ParameterDocument & { readonly code: ErrorCode }>();

/** A parameter that may be given once. An error names it and what is accepted, and has the `code` if the value cannot be read. */
export function once<T>(
  name: string,
  code: ErrorCode,
  accepted: string | ((value: string) => string),
  read: (value: string) => T | undefined,
  document: ParameterDocument,
) {
  const parameter = z.pipe(
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
        message: message ?? explain(name, value, typeof accepted === 'string' ? accepted : accepted(value)),
        params: { code: (message ? 'repeated_parameter' : code) satisfies ErrorCode },
      });
      return z.NEVER;
    }),
  );
  PARAMETERS.add(parameter, { code, ...document });
  return parameter;
}

/** Reads a value that is one of a few. */
export const oneOf =
  <Value extends string>(values: readonly Value[]) =>
  (given: string): Value | undefined =>
    values.find((value) => value === given);

/** A time, in one of the formats of `TIME_FORMATS`. */
export const time = (name: string, description: string) =>
  once(name, 'invalid_time', `${TIME_FORMATS}; a real date and time`, parseTimeParameter, {
    description,
    schema: TIME_SCHEMA,
  });

/** `app_type`: the logs of which applications are wanted. */
export const appType = z._default(
  z.pipe(
    once('app_type', 'invalid_app_type', APPLICATIONS.join(', '), oneOf(APPLICATIONS), {
      description: 'The logs of which application are wanted. Default: of both.',
      schema: { type: 'string', enum: APPLICATIONS },
    }),
    z.transform((application) => [application]),
  ),
  () => [...APPLICATIONS],
);

/**
 * Reads the parameters of a request.
 *
 * @param schema a strict object with all parameters that there are, each of them `once`
 * @throws HttpError 400 that names the parameter, the value received and what is accepted
 */
export function readParameters<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodMiniObject<Shape, z.core.$strict>,
  parameters: QueryParameters,
): z.infer<typeof schema> {
  const result = schema.safeParse(parameters);
  if (result.success) return result.data;
  throw badRequest(result.error.issues[0], parameters, Object.keys(schema.shape));
}

/** The parameters of a request without its cursor, if that is empty: an empty one counts as absent. */
export function withoutEmptyCursor(parameters: QueryParameters): QueryParameters {
  const { cursor, ...others } = parameters;
  const isEmpty = cursor === undefined || (cursor.length === 1 && cursor[0] === '');
  return isEmpty ? others : parameters;
}

/** Some parameters of a request as the caller wrote them, for the next request. Each is given once at most. */
export const keptParameters = (
  parameters: QueryParameters,
  names: readonly string[],
): Readonly<Record<string, string>> =>
  Object.fromEntries(names.flatMap((name) => parameters[name]?.map((value) => [name, value]) ?? []));

function badRequest(
  issue: z.core.$ZodIssue | undefined,
  parameters: QueryParameters,
  accepted: readonly string[],
): HttpError {
  if (issue?.code === 'unrecognized_keys') {
    const [name = ''] = issue.keys;
    const message = `unknown parameter ${JSON.stringify(name)}; accepted: ${accepted.join(', ') || 'none'}`;
    return new HttpError('unknown_parameter', message);
  }
  if (issue?.code === 'custom') return new HttpError(issue.params?.['code'] as ErrorCode, issue.message);
  const name = String(issue?.path[0]);
  return new HttpError('missing_parameter', explain(name, parameters[name]?.[0], TIME_FORMATS));
}
