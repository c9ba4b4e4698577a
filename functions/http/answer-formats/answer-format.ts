import type { StoredLog } from '../../../shared/log/formats/stored-log.ts';
import type { Cost } from '../budget/cost.ts';

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
   * @param log whose `createdAt` is only known if the format needs it
   */
  writeLog(log: StoredLog): Buffer;

  /** Whether it writes when a log was stored. */
  readonly needsCreatedAt: boolean;

  /**
   * The exact length of a body that is not compressed, in bytes, if its logs are written as they are stored.
   *
   * @param storedBytes the total length of the logs' stored JSON, bytes
   */
  bodyLength(results: number, storedBytes: number): number;

  /** What a byte of that length costs at the most, if the body is not compressed. */
  readonly mostCost: Cost;

  /** The same format with a last line that says that the body is whole, if there is one. */
  readonly withEndLine?: WindowFormat;
}
