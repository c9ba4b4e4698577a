import type { Readable } from 'node:stream';
import { CallerError } from '../../shared/errors.ts';
import type { Collection } from '../../shared/log-collection.ts';
import { pageCount } from '../../shared/log-pages.ts';
import { answerBody } from './answer-body.ts';
import type { ContentEncoding } from './content-encoding.ts';

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
 * The answer that streams a collection (contract section 5).
 *
 * @param signal cuts the body when the time is up
 */
export function logsResponse(
  collection: Collection,
  encoding: ContentEncoding,
  signal: AbortSignal,
): StreamedResponse {
  return {
    statusCode: 200,
    headers: {
      ...JSON_HEADERS,
      ...(encoding === 'identity' ? {} : { 'Content-Encoding': encoding }),
      'Number-Of-Pages': String(pageCount(collection.results)),
      'Number-Of-Results': String(collection.results),
    },
    body: answerBody(collection, encoding, signal),
  };
}

/** The response to an error: what is meant for the caller, and of everything else no more than where to look. */
export function errorResponse(error: unknown, requestId: string): StreamedResponse {
  if (error instanceof CallerError) {
    const { status, code, message, details } = error;
    return {
      statusCode: status,
      headers: JSON_HEADERS,
      body: JSON.stringify({ error: { code, message, ...details } }),
    };
  }
  const message = 'the request could not be answered; the service has logged why under this request_id';
  const body = JSON.stringify({ error: { code: 'internal_error', message, request_id: requestId } });
  return { statusCode: 500, headers: JSON_HEADERS, body };
}
