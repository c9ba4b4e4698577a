import { pipeline, type Readable, Transform } from 'node:stream';

export interface CountedBody {
  /** What to send: the body, as it is; it breaks as the body does. */
  readonly body: Readable;
  /** How many bytes of it went out so far. */
  bytes(): number;
  /** Whether all of it went out. */
  isComplete(): boolean;
}

/** Counts what is sent of a body. */
export function countedBody(source: Readable): CountedBody {
  let bytes = 0;
  const body = new Transform({
    transform(chunk, _, callback) {
      bytes += chunk.length;
      callback(null, chunk);
    },
  });
  // An error reaches the reader through the body, which it destroys.
  pipeline(source, body, () => {});
  return { body, bytes: () => bytes, isComplete: () => body.readableEnded };
}
