import { pipeline, type Readable, Transform } from 'node:stream';

export interface CountedBody {
  /** What to send: the same bytes. It fails if the source fails. */
  readonly body: Readable;
  /** How many bytes were sent so far. */
  bytes(): number;
  /** Whether everything was sent. */
  isComplete(): boolean;
}

/** Counts the bytes that are sent of a body. */
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
