import { constants as zlib } from 'node:zlib';
import { ZstdCompress, ZstdDecompress } from 'minizlib';

/**
 * Compresses many small contents by zstd with one dictionary (RFC 8878). The one-shot functions of node:zlib make a context
 * and load the dictionary for every content, which costs ten times the work itself. Here both are made once, at first use.
 */
export interface ZstdFrames {
  /** @returns one frame with a checksum, and without content size and dictionary id */
  compress(content: string | Buffer): Buffer;
  /** @throws Error if the frame is damaged or incomplete */
  decompress(frame: Buffer): Buffer;
}

/** The size of the encoder's tables. The search below takes the place of the rest of the level. */
const LEVEL = 6;

/** How the encoder looks for repeats (docs/performance.md#a-document). */
export interface ZstdSearch {
  readonly strategy: keyof typeof STRATEGIES;
  /** The shortest repeat that it looks for, bytes. */
  readonly minMatch: number;
  /** It follows at most 2 to this power candidates for each position. */
  readonly searchLog: number;
}

/** From the fastest to the one that finds most. */
const STRATEGIES = { greedy: zlib.ZSTD_greedy, lazy: zlib.ZSTD_lazy, lazy2: zlib.ZSTD_lazy2 };
const NOTHING = Buffer.alloc(0);

/** @param chunkBytes texts and frames that are shorter fit in one chunk; longer ones take several */
export function zstdFrames(
  dictionary: Buffer,
  { strategy, minMatch, searchLog }: ZstdSearch,
  chunkBytes = 8 * 1024,
): ZstdFrames {
  const encoder = reused(
    () =>
      new ZstdCompress({
        dictionary,
        chunkSize: chunkBytes,
        params: {
          [zlib.ZSTD_c_compressionLevel]: LEVEL,
          [zlib.ZSTD_c_strategy]: STRATEGIES[strategy],
          [zlib.ZSTD_c_minMatch]: minMatch,
          [zlib.ZSTD_c_searchLog]: searchLog,
          [zlib.ZSTD_c_checksumFlag]: 1,
          [zlib.ZSTD_c_contentSizeFlag]: 0,
          [zlib.ZSTD_c_dictIDFlag]: 0,
        },
      } as object),
  );
  const decoder = reused(() => new ZstdDecompress({ dictionary, chunkSize: chunkBytes } as object));
  return {
    compress: (content) =>
      encoder((stream) => {
        stream.write(typeof content === 'string' ? Buffer.from(content) : content);
        stream.flush(zlib.ZSTD_e_end);
        return stream.read() ?? NOTHING;
      }),
    decompress(frame) {
      // An incomplete frame would leave the stream in its middle, and break the next one.
      if (!isWholeFrame(frame)) throw new Error('not one whole zstd frame');
      return decoder((stream) => {
        stream.write(frame);
        return stream.read() ?? NOTHING;
      });
    },
  };
}

/** Uses one stream for all calls. After a failure, the next call makes a new one. */
function reused<Stream>(create: () => Stream): <T>(use: (stream: Stream) => T) => T {
  let stream: Stream | undefined;
  return (use) => {
    try {
      stream ??= create();
      return use(stream);
    } catch (error) {
      stream = undefined;
      throw error;
    }
  };
}

const MAGIC_NUMBER = 0xfd2fb528;
/** A frame with a checksum, and without content size and dictionary id. */
const DESCRIPTOR = 4;
/** Magic number, descriptor and the window's size. */
const FRAME_HEADER_BYTES = 6;
const BLOCK_HEADER_BYTES = 3;
const RLE_BLOCK = 1;
const CHECKSUM_BYTES = 4;

/** Whether the bytes are one complete frame as `compress` makes it (RFC 8878, 3.1.1). */
function isWholeFrame(frame: Buffer): boolean {
  const isOurs =
    frame.length > FRAME_HEADER_BYTES && frame.readUInt32LE(0) === MAGIC_NUMBER && frame[4] === DESCRIPTOR;
  if (!isOurs) return false;
  let at = FRAME_HEADER_BYTES;
  while (at + BLOCK_HEADER_BYTES <= frame.length) {
    const header = frame.readUIntLE(at, BLOCK_HEADER_BYTES);
    const isLast = (header & 1) === 1;
    const type = (header >> 1) & 3;
    at += BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : header >> 3);
    if (isLast) return at + CHECKSUM_BYTES === frame.length;
  }
  return false;
}
