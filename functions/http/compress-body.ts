import { pipeline, type Readable, Transform } from 'node:stream';
import { createBrotliCompress, createGzip, createZstdCompress, constants as zlib } from 'node:zlib';
import type { ContentEncoding } from './negotiate-encoding.ts';

/** What an encoder leaves out at the end of its body, and if the body is empty. */
interface End {
  readonly of: Buffer;
  readonly ofEmpty: Buffer;
}

interface Encoder extends Transform {
  flush(kind?: number): void;
}

/**
 * Bytes of a chunk of output, and of input that is buffered: with more than one processor, the next chunk of the body is
 * written while the last one is being compressed.
 */
const STREAM = { chunkSize: 64 * 1024, writableHighWaterMark: 512 * 1024 };

/**
 * The end of a zstd frame: an empty block that is marked as the last (RFC 8878, 3.1.1.2). The encoder of node:zlib cannot
 * write it: it would end its frame with the last chunk and again with the end of the stream, or twice when the end fills
 * its buffer to the last byte. Each further end is an empty frame of its own.
 */
const LAST_ZSTD_BLOCK = Buffer.of(1, 0, 0);

/** A frame of an empty body. The encoder of node:zlib writes no frame if it gets nothing. */
const EMPTY_ZSTD_FRAME = Buffer.concat([Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, 0), LAST_ZSTD_BLOCK]);

/**
 * Levels by measurement (docs/performance.md). Logs repeat each other at length, so a short match is worth nothing
 * (`minMatch`), and a large window finds more of a session: 8 MB is what every zstd decoder of HTTP takes (RFC 9659).
 */
const ENCODERS: Readonly<
  Record<Exclude<ContentEncoding, 'identity'>, { create(): Encoder; flushKind: number; end?: End }>
> = {
  zstd: {
    create: () =>
      createZstdCompress({
        ...STREAM,
        finishFlush: zlib.ZSTD_e_flush,
        params: {
          [zlib.ZSTD_c_compressionLevel]: 1,
          [zlib.ZSTD_c_windowLog]: 23,
          [zlib.ZSTD_c_hashLog]: 17,
          [zlib.ZSTD_c_minMatch]: 7,
        },
      }),
    flushKind: zlib.ZSTD_e_flush,
    end: { of: LAST_ZSTD_BLOCK, ofEmpty: EMPTY_ZSTD_FRAME },
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

/** How often the encoder is flushed, milliseconds: a reader gets logs while the rest is being written. */
const FLUSH_MS = 500;

/**
 * Compresses a body into exactly one gzip member, brotli stream or zstd frame. If the body breaks, so does the compressed one,
 * without the end that would make it decode cleanly.
 */
export function compressBody(body: Readable, encoding: ContentEncoding): Readable {
  if (encoding === 'identity') return body;
  const { create, flushKind, end } = ENCODERS[encoding];
  const encoder = create();
  const flushing = setInterval(() => encoder.flush(flushKind), FLUSH_MS);
  encoder.once('close', () => clearInterval(flushing));
  const stages = end === undefined ? [encoder] : [encoder, endedWith(end)];
  // An error reaches the reader through the last stage, which it destroys.
  return pipeline([body, ...stages], () => {}) as Transform;
}

function endedWith(end: End): Transform {
  let isEmpty = true;
  return new Transform({
    transform: (chunk, _, callback) => {
      isEmpty = false;
      callback(null, chunk);
    },
    flush: (callback) => callback(null, isEmpty ? end.ofEmpty : end.of),
  });
}
