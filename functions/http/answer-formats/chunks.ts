/** Bytes of the chunks a body is sent in: large ones spare the compressor and the stream most of their steps. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Copies the pieces of a body into chunks.
 *
 * @returns chunks of 256 KiB at most, except for a piece that is longer
 */
export function* inChunks(pieces: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  let used = 0;
  for (const piece of pieces) {
    if (used + piece.length > chunk.length) {
      yield chunk.subarray(0, used);
      chunk = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, piece.length));
      used = 0;
    }
    used += piece.copy(chunk, used);
  }
  yield chunk.subarray(0, used);
}
