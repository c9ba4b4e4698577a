/**
 * How logs are written into the body of an answer. A new format is one file beside this one, and its name in
 * offered-formats.ts.
 *
 * `End` is what the body says beside its logs, and `void` if that is nothing.
 */
export interface AnswerFormat<End = void> {
  /** What the body is (RFC 9110, 8.3), without parameters. */
  readonly mediaType: string;

  /**
   * Frames logs into a body.
   *
   * @param results how many logs there are
   * @param logs each as it is written, in order
   * @returns the body in chunks
   * @throws Error if there are more or fewer logs than `results`: before the end, so that the body looks cut
   */
  frame(results: number, logs: Iterable<Buffer>, end: End): Iterable<Buffer>;
}

/** A format for the logs of a window, whose size decides whether they fit into one answer. */
export interface WindowFormat extends AnswerFormat {
  /** The headers that only this format has. */
  headers(results: number): Readonly<Record<string, string>>;

  /**
   * Writes one log.
   *
   * @param stored the JSON of the log as the store keeps it, in UTF-8
   */
  writeLog(stored: Buffer): Buffer;

  /**
   * The exact length of a body that is not compressed, in bytes.
   *
   * @param storedBytes the total length of the logs' stored JSON, bytes
   */
  bodyLength(results: number, storedBytes: number): number;
}
