import {
  type ApiError,
  type ErrorCode,
  GATEWAY_ERRORS,
  type GatewayErrorCode,
  SERVICE_ERRORS,
} from '../../shared/http-errors.ts';
import { JSON_TYPE } from '../../shared/media-types.ts';
import type { AnswerHeader } from '../../shared/operations/answer-headers.ts';
import type { Operation } from '../../shared/operations/operation.ts';
import type { JsonSchema } from '../package/schemas.ts';
import { headersOf } from './headers.ts';
import { queryParameters } from './parameters.ts';

type Code = ErrorCode | GatewayErrorCode;

const ERRORS: Readonly<Record<Code, ApiError>> = { ...SERVICE_ERRORS, ...GATEWAY_ERRORS };

/** What every operation may answer with, beside the errors of its own. */
const OF_EVERY_OPERATION: readonly ErrorCode[] = ['unauthorized', 'internal_error', 'store_unavailable'];

/** What the gateway answers with for the path of an operation. */
const OF_THE_GATEWAY = (Object.keys(GATEWAY_ERRORS) as GatewayErrorCode[]).filter(
  (code) => code !== 'unknown_path',
);

/** The `error` object of each code, for `components.schemas`. */
export const ERROR_SCHEMAS: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  Object.entries(ERRORS).map(([code, { when, advice, message, members = {} }]) => [
    code,
    {
      title: code,
      description: `When: ${when}. What to do: ${advice}.`,
      type: 'object',
      properties: {
        code: { const: code },
        message: message === undefined ? { type: 'string' } : { const: message },
        ...Object.fromEntries(
          Object.entries(members).map(([name, description]) => [name, { type: 'string', description }]),
        ),
      },
      required: ['code', 'message', ...Object.keys(members)],
      additionalProperties: false,
    },
  ]),
);

/** A response that has one of these errors, and these headers beside those of every error. */
export function errorResponse(
  description: string,
  codes: readonly Code[],
  always: readonly AnswerHeader[] = [],
  sometimes: readonly AnswerHeader[] = [],
) {
  const schema = {
    type: 'object',
    properties: { error: { oneOf: codes.map((code) => ({ $ref: `#/components/schemas/${code}` })) } },
    required: ['error'],
    additionalProperties: false,
  };
  return {
    description,
    // The gateway's own answers have no Vary.
    headers: headersOf(['Cache-Control', ...always], ['Vary', ...sometimes, 'x-amzn-RequestId']),
    content: { [JSON_TYPE]: { schema } },
  };
}

/** The responses of an operation but for 200, by their status or its class. */
export function errorResponses(operation: Operation): Record<string, ReturnType<typeof errorResponse>> {
  const codes: readonly Code[] = [...errorsOf(operation), ...OF_THE_GATEWAY];
  const statuses = [...new Set(codes.map((code) => String(ERRORS[code].status).toUpperCase()))].toSorted();
  return Object.fromEntries(
    statuses.map((status) => {
      const ofStatus = codes.filter((code) => hasStatus(code, status));
      return [status, errorResponse(describe(ofStatus), ofStatus, ...retryAfter(ofStatus))];
    }),
  );
}

function errorsOf(operation: Operation): ErrorCode[] {
  const parameters = queryParameters(operation);
  const misses = parameters.some(({ isRequired }) => isRequired);
  return [
    ...new Set<ErrorCode>([
      'unknown_parameter',
      ...(misses ? (['missing_parameter'] as const) : []),
      'repeated_parameter',
      ...parameters.map(({ code }) => code),
      ...operation.errors,
      ...OF_EVERY_OPERATION,
    ]),
  ];
}

/** Where the gateway chooses the status of its default, it may be any of the class. */
function hasStatus(code: Code, status: string): boolean {
  const own = String(ERRORS[code].status).toUpperCase();
  return own === status || own === `${status[0]}XX`;
}

const describe = (codes: readonly Code[]): string => `One of the errors ${codes.join(', ')}.`;

/** Whether they always have `Retry-After`, or sometimes. */
function retryAfter(codes: readonly Code[]): [always: AnswerHeader[], sometimes: AnswerHeader[]] {
  const waiting = codes.filter((code) => ERRORS[code].retryAfter !== undefined);
  if (waiting.length === 0) return [[], []];
  return waiting.length === codes.length ? [['Retry-After'], []] : [[], ['Retry-After']];
}
