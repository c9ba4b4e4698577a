import Negotiator from 'negotiator';
import { HttpError } from '../../shared/errors.ts';
import { AS_IT_IS, type Cost } from './budget.ts';

/**
 * Content encodings of an answer (RFC 9110, 12.5.3). Compressing here is what beats the gateway's cap on streamed
 * bytes; the gateway itself does not compress streams.
 */

/** Best first, by what each makes of a log; ties of the caller's preference are broken in this order. */
const PREFERRED = ['zstd', 'br', 'gzip'] as const;
const AVAILABLE = [...PREFERRED, 'identity'] as const;

export type ContentEncoding = (typeof AVAILABLE)[number];

/**
 * @param acceptEncoding the request's header, undefined if it has none
 * @throws HttpError 406 if the caller accepts none of the encodings, not even `identity`
 */
export function negotiateEncoding(acceptEncoding: string | undefined): ContentEncoding {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const encoding = new Negotiator({ headers }).encoding(AVAILABLE, { preferred: PREFERRED });
  if (encoding !== undefined) return encoding;
  throw new HttpError(
    'no_acceptable_encoding',
    `Accept-Encoding is ${JSON.stringify(acceptEncoding)}; accepted: ${AVAILABLE.join(', ')}`,
  );
}

/** No log was ever seen to compress better than this. */
const LEAST_SENT_BYTES = 1 / 50;

/** What a byte of any body costs at the least. */
export const leastCost = (encoding: ContentEncoding): Cost =>
  encoding === 'identity' ? AS_IT_IS : { sentBytes: LEAST_SENT_BYTES, workMs: 0 };
