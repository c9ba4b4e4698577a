import type { Readable } from 'node:stream';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import { JSON_TYPE } from '../../shared/media-types.ts';
import type { ContentEncoding } from './negotiate-encoding.ts';

/** A plain response: the names are those that Node and API Gateway's streaming integration share. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** What an answer depends on beside its URL (RFC 9110, 12.5.5). */
export const VARY = { byEncoding: 'Accept-Encoding', byFormat: 'Accept, Accept-Encoding' } as const;
export type Vary = (typeof VARY)[keyof typeof VARY];

/** The headers of every answer. No answer may be kept, because it holds personal data. */
const commonHeaders = (vary: Vary) => ({ 'Cache-Control': 'no-store', Vary: vary });

export interface LogsAnswer {
  /** How many logs the body holds. */
  readonly results: number;
  readonly format: { readonly mediaType: string };
  readonly vary: Vary;
  readonly encoding: ContentEncoding;
  /** Further headers, and other values of those above. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** The answer that holds logs (docs/contract.md#reading-logs, docs/contract.md#the-feed). */
export const logsResponse = ({
  results,
  format,
  vary,
  encoding,
  headers,
  body,
}: LogsAnswer): HttpResponse => ({
  statusCode: 200,
  headers: {
    'Content-Type': format.mediaType,
    ...commonHeaders(vary),
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    'Number-Of-Results': String(results),
    ...headers,
  },
  body,
});

/** The answer that is one small JSON document (docs/contract.md#the-status). */
export const jsonResponse = (encoding: ContentEncoding, body: Readable | string): HttpResponse => ({
  statusCode: 200,
  headers: {
    'Content-Type': JSON_TYPE,
    ...commonHeaders(VARY.byFormat),
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
  },
  body,
});

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

export function errorResponse(
  error: HttpError,
  vary: Vary = VARY.byEncoding,
): HttpResponse & { readonly body: string } {
  const { status, code, message, details, headers } = error;
  return {
    statusCode: status,
    headers: { 'Content-Type': JSON_TYPE, ...commonHeaders(vary), ...headers },
    body: JSON.stringify({ error: { code, message, ...details } }),
  };
}
