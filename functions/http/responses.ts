import type { Readable } from 'node:stream';
import { HttpError, SERVICE_ERRORS, StoreUnavailable } from '../../shared/errors.ts';
import type { Collection } from '../../shared/store/collect-window.ts';
import type { ContentEncoding } from './content-encoding.ts';
import { pageCount } from './formats/pages.ts';

/** A response as API Gateway's streaming integration takes it. */
export interface StreamedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** Every answer is JSON, depends on what the caller can decode, and may not be kept: it holds personal data. */
const JSON_HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  Vary: 'Accept-Encoding',
};

/**
 * The answer that holds a collection (docs/contract.md#reading-logs).
 *
 * @param endTime the end of the window, as the caller is told it
 */
export function logsResponse(
  collection: Pick<Collection, 'results'>,
  endTime: string,
  encoding: ContentEncoding,
  body: Readable | string,
): StreamedResponse {
  return {
    statusCode: 200,
    headers: {
      ...JSON_HEADERS,
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      'Number-Of-Pages': String(pageCount(collection.results)),
      'Number-Of-Results': String(collection.results),
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
export function errorResponse(error: HttpError): StreamedResponse & { readonly body: string } {
  const { status, code, message, details, headers } = error;
  return {
    statusCode: status,
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify({ error: { code, message, ...details } }),
  };
}
