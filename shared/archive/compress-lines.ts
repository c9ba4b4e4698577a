import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress, constants as zlib } from 'node:zlib';
import type { Compression } from './compressions.ts';

/**
 * Fixed levels, so that the same lines are the same bytes. (Another release of zlib may give other bytes; an object that is
 * there is left as it is.) Readers of zstd on Hadoop take a window of 8 MB at most.
 */
const COMPRESSORS: Readonly<Record<Compression, () => Transform>> = {
  gzip: () => createGzip({ level: 6, memLevel: 9 }),
  zstd: () =>
    createZstdCompress({
      params: {
        [zlib.ZSTD_c_compressionLevel]: 6,
        [zlib.ZSTD_c_windowLog]: 23,
        [zlib.ZSTD_c_checksumFlag]: 1,
      },
    }),
};

const LINE_FEED = Buffer.from('\n');

export type CompressLines = (
  compression: Compression,
  chunks: AsyncIterable<readonly Buffer[]>,
  signal: AbortSignal,
) => Promise<{ readonly content: Buffer; readonly lines: number }>;

/**
 * Compresses logs as newline-delimited JSON, each line with its line feed. Only the compressed bytes are in memory as a
 * whole.
 */
export const compressLines: CompressLines = async (compression, chunks, signal) => {
  let lines = 0;
  async function* ndjson(): AsyncGenerator<Buffer> {
    for await (const logs of chunks) {
      lines += logs.length;
      yield Buffer.concat(logs.flatMap((log) => [log, LINE_FEED]));
    }
  }
  const compressed: Buffer[] = [];
  await pipeline(
    Readable.from(ndjson()),
    COMPRESSORS[compression](),
    async (output: AsyncIterable<Buffer>) => {
      for await (const chunk of output) compressed.push(chunk);
    },
    { signal },
  );
  return { content: Buffer.concat(compressed), lines };
};
