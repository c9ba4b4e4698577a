import type { Readable, Transform } from 'node:stream';
import { createBrotliCompress, createGzip, createZstdCompress, constants as zlib } from 'node:zlib';
import Negotiator from 'negotiator';
import { CallerError } from '../../shared/errors.ts';
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
 * @throws CallerError 406 if the caller accepts none of the encodings, not even `identity`
 */
export function negotiateEncoding(acceptEncoding: string | undefined): ContentEncoding {
  const headers = acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding };
  const encoding = new Negotiator({ headers }).encoding(AVAILABLE, { preferred: PREFERRED });
  if (encoding !== undefined) return encoding;
  throw new CallerError(
    406,
    'no_acceptable_encoding',
    `Accept-Encoding is ${JSON.stringify(acceptEncoding)}; accepted: ${AVAILABLE.join(', ')}`,
  );
}

/** No log was ever seen to compress better than this. */
const LEAST_SENT_BYTES = 1 / 50;

/** What a byte of any body costs at the least. */
export const leastCost = (encoding: ContentEncoding): Cost =>
  encoding === 'identity' ? AS_IT_IS : { sentBytes: LEAST_SENT_BYTES, workMs: 0 };

interface Encoder extends Transform {
  flush(kind?: number): void;
}

/**
 * Levels by measurement (docs/performance.md): CPU has room beside the gateway's cap, so ratio comes before speed.
 * The larger window of brotli finds more of a session's repetitions; zstd's own at this level is large enough.
 */
const ENCODERS: Readonly<
  Record<Exclude<ContentEncoding, 'identity'>, { create(): Encoder; flushKind: number }>
> = {
  zstd: {
    create: () => createZstdCompress({ params: { [zlib.ZSTD_c_compressionLevel]: 9 } }),
    flushKind: zlib.ZSTD_e_flush,
  },
  br: {
    create: () =>
      createBrotliCompress({ params: { [zlib.BROTLI_PARAM_QUALITY]: 5, [zlib.BROTLI_PARAM_LGWIN]: 24 } }),
    flushKind: zlib.BROTLI_OPERATION_FLUSH,
  },
  gzip: { create: () => createGzip({ level: 6 }), flushKind: zlib.Z_SYNC_FLUSH },
};

/** How often what is compressed so far is sent on, so that a reader sees pages as they come, milliseconds. */
const FLUSH_MS = 500;

/**
 * Encodes a body as one gzip member, brotli stream or zstd frame. If the body breaks, so does the encoded one, without
 * the end that would make it decode cleanly.
 */
export function encodeBody(body: Readable, encoding: ContentEncoding): Readable {
  if (encoding === 'identity') return body;
  const { create, flushKind } = ENCODERS[encoding];
  const encoder = create();
  const flushing = setInterval(() => encoder.flush(flushKind), FLUSH_MS);
  const encoded = body.compose(encoder);
  encoded.once('close', () => clearInterval(flushing));
  return encoded;
}
