import type { Readable, Transform } from 'node:stream';
import { createBrotliCompress, createGzip, createZstdCompress, constants as zlib } from 'node:zlib';
import type { ContentEncoding } from './content-encoding.ts';

interface Encoder extends Transform {
  flush(kind?: number): void;
}

/**
 * Bytes given out at a time, and taken in ahead: the next chunk is made while one is being encoded, where there is more
 * than one processor.
 */
const STREAM = { chunkSize: 64 * 1024, writableHighWaterMark: 512 * 1024 };

/**
 * Levels by measurement (docs/performance.md). Logs repeat each other at length, so a short match is worth nothing
 * (`minMatch`), and a large window finds more of a session: 8 MB is what every zstd decoder of HTTP takes (RFC 9659).
 */
const ENCODERS: Readonly<
  Record<Exclude<ContentEncoding, 'identity'>, { create(): Encoder; flushKind: number }>
> = {
  zstd: {
    create: () =>
      createZstdCompress({
        ...STREAM,
        params: {
          [zlib.ZSTD_c_compressionLevel]: 1,
          [zlib.ZSTD_c_windowLog]: 23,
          [zlib.ZSTD_c_hashLog]: 17,
          [zlib.ZSTD_c_minMatch]: 7,
        },
      }),
    flushKind: zlib.ZSTD_e_flush,
  },
  br: {
    create: () =>
      createBrotliCompress({
        ...STREAM,
        params: { [zlib.BROTLI_PARAM_QUALITY]: 5, [zlib.BROTLI_PARAM_LGWIN]: 24 },
      }),
    flushKind: zlib.BROTLI_OPERATION_FLUSH,
  },
  gzip: {
    create: () => createGzip({ ...STREAM, level: 6, memLevel: 9 }),
    flushKind: zlib.Z_SYNC_FLUSH,
  },
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
