import { Readable } from 'node:stream';
import { CallerError } from '../../shared/errors.ts';
import { decodeDocument } from '../../shared/log-codec.ts';
import type { Collection } from '../../shared/log-collection.ts';
import { frameAnswer, pageCount } from '../../shared/log-pages.ts';

/** A response as API Gateway's streaming integration takes it. */
export interface StreamedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | string;
}

/** Every answer is JSON, and none may be kept: it holds personal data. */
const JSON_HEADERS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

/**
 * The answer that streams a collection (contract section 5).
 *
 * @param signal cuts the body when the time is up: a cut body is unclosed JSON on a broken connection
 */
export function logsResponse(collection: Collection, signal: AbortSignal): StreamedResponse {
  const { results } = collection;
  const body = Readable.from(frameAnswer(results, documents(collection)), { objectMode: false, signal });
  return {
    statusCode: 200,
    headers: {
      ...JSON_HEADERS,
      'Number-Of-Pages': String(pageCount(results)),
      'Number-Of-Results': String(results),
    },
    body,
  };
}

function* documents({ inOrder }: Collection): Generator<Buffer> {
  for (const { document } of inOrder()) yield decodeDocument(document);
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
