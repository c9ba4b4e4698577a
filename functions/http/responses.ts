import type { Readable } from 'node:stream';
import { CallerError, StoreUnavailable } from '../../shared/errors.ts';
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
 * The answer that holds a collection (docs/contract.md, "Reading logs").
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

/** Seconds after which a caller may try again where the store or the secrets fail. */
const RETRY_AFTER = '5';

/**
 * What the caller is told of an error: what is meant for the caller, that the store is not there, or, of everything else,
 * no more than where to look.
 */
export function errorForCaller(error: unknown, requestId: string): CallerError {
  if (error instanceof CallerError) return error;
  if (error instanceof StoreUnavailable) {
    const message = `the logs cannot be read at the moment; ask again after ${RETRY_AFTER} seconds`;
    return new CallerError(503, 'store_unavailable', message, {}, { 'Retry-After': RETRY_AFTER });
  }
  const message = 'the request could not be answered; the service has logged why under this request_id';
  return new CallerError(500, 'internal_error', message, { request_id: requestId });
}

/** The response to an error. */
export function errorResponse(error: CallerError): StreamedResponse & { readonly body: string } {
  const { status, code, message, details, headers } = error;
  return {
    statusCode: status,
    headers: { ...JSON_HEADERS, ...headers },
    body: JSON.stringify({ error: { code, message, ...details } }),
  };
}
