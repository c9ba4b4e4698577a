import type { Readable } from 'node:stream';
import { StoreUnavailable } from '../../shared/errors.ts';
import { HttpError, SERVICE_ERRORS } from '../../shared/http-errors.ts';
import type { ContentEncoding } from './negotiate-encoding.ts';

/** A plain response: the names are those that Node and API Gateway's streaming integration share. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** What a resource offers its callers to choose from. */
export type Offered = readonly { readonly mediaType: string }[];

/**
 * The headers of every answer. No answer may be kept, because it holds personal data. It depends on what the caller
 * accepts, where there is a choice.
 */
const commonHeaders = (offered: Offered) => ({
  'Cache-Control': 'no-store',
  Vary: offered.length > 1 ? 'Accept, Accept-Encoding' : 'Accept-Encoding',
});

export interface LogsAnswer {
  /** How many logs the body holds. */
  readonly results: number;
  readonly format: { readonly mediaType: string };
  readonly offered: Offered;
  readonly encoding: ContentEncoding;
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** The answer that holds logs (docs/contract.md#reading-logs, docs/contract.md#the-feed). */
export const logsResponse = ({
  results,
  format,
  offered,
  encoding,
  headers,
  body,
}: LogsAnswer): HttpResponse => ({
  statusCode: 200,
  headers: {
    'Content-Type': format.mediaType,
    ...commonHeaders(offered),
    ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
    'Number-Of-Results': String(results),
    ...headers,
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

/** The response to an error, of a resource that offers these formats of its logs. */
export function errorResponse(
  error: HttpError,
  offered: Offered = [],
): HttpResponse & { readonly body: string } {
  const { status, code, message, details, headers } = error;
  return {
    statusCode: status,
    headers: { 'Content-Type': 'application/json', ...commonHeaders(offered), ...headers },
    body: JSON.stringify({ error: { code, message, ...details } }),
  };
}
