import type { Readable } from 'node:stream';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import type { AnswerFormat } from './answer-formats/answer-format.ts';
import { OFFERED_FORMATS } from './answer-formats/offered-formats.ts';
import type { ContentEncoding } from './negotiate-encoding.ts';

/** A plain response: the names are those that Node and API Gateway's streaming integration share. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** No answer may be kept, because it holds personal data. It depends on what the caller accepts, where there is a choice. */
const COMMON_HEADERS = {
  'Cache-Control': 'no-store',
  Vary: OFFERED_FORMATS.length > 1 ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
};

/**
 * The answer that holds logs (docs/contract.md#reading-logs).
 *
 * @param results how many logs the body holds
 * @param endTime the end of the window, as the caller is told it
 */
export function logsResponse(
  results: number,
  endTime: string,
  format: AnswerFormat,
  encoding: ContentEncoding,
  body: Readable | string,
): HttpResponse {
  return {
    statusCode: 200,
    headers: {
      'Content-Type': format.mediaType,
      ...COMMON_HEADERS,
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      ...format.headers(results),
      'Number-Of-Results': String(results),
      'End-Time': endTime,
    },
    body,
  };
}

/**
 * What the caller is told of an error. An HttpError is told as it is, and StoreUnavailable as a 503. Any other error is
 * a 500 that names only the request.
 */
export function errorForCaller(error: unknown, requestId: string): HttpError {
  if (error instanceof HttpError) return error;
  if (error instanceof StoreUnavailable)
    return new HttpError('store_unavailable', SERVICE_ERRORS.store_unavailable.message);
  return new HttpError('internal_error', SERVICE_ERRORS.internal_error.message, { request_id: requestId });
}

/** The response to an error. */
export function errorResponse(error: HttpError): HttpResponse & { readonly body: string } {
  const { status, code, message, details, headers } = error;
  return {
    statusCode: status,
    headers: { 'Content-Type': 'application/json', ...COMMON_HEADERS, ...headers },
    body: JSON.stringify({ error: { code, message, ...details } }),
  };
}
