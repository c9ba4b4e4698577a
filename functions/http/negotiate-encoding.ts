import Negotiator from 'negotiator';
import { HttpError } from '../../shared/http-errors.ts';

/** By how well each compresses logs, best first. Where the caller has no preference, the first that it accepts is used. */
const COMPRESSIONS = ['zstd', 'br', 'gzip'] as const;
const AVAILABLE = [...COMPRESSIONS, 'identity'] as const;

export type ContentEncoding = (typeof AVAILABLE)[number];

/**
 * Chooses the content encoding of an answer (RFC 9110, 12.5.3). The function compresses, because the gateway limits how
 * many bytes of a stream it passes on, and does not compress streams.
 *
 * @param acceptEncoding the request's header, undefined if it has none
 * @throws HttpError 406 if the caller accepts none of the encodings, not even `identity`
 */
export function negotiateEncoding(acceptEncoding: string | undefined): ContentEncoding {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const encoding = new Negotiator({ headers }).encoding(AVAILABLE, { preferred: COMPRESSIONS });
  if (encoding !== undefined) return encoding;
  throw new HttpError(
    'no_acceptable_encoding',
    `Accept-Encoding is ${JSON.stringify(acceptEncoding)}; accepted: ${AVAILABLE.join(', ')}`,
  );
}
