/** Turns the body of an answer into lines, one log each, a chunk at a time. */
export interface LogLines {
  /** How many logs have ended so far. */
  readonly count: number;
  /** Whether the body has ended as a whole one does. */
  readonly isWhole: boolean;
  /** @returns the next part of the lines */
  push(chunk: Buffer): Buffer;
}

const [QUOTE, BACKSLASH, NEWLINE] = [0x22, 0x5c, 0x0a];
const [OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET] = [0x7b, 0x5b, 0x7d, 0x5d];
const LINE_END = Buffer.from('\n');

/** A log of the pages is an object within `[{"securityLogs":[`. */
const LOG_DEPTH = 4;

/** @param mediaType `application/x-ndjson`, or the JSON of pages */
export const logLines = (mediaType: string): LogLines =>
  mediaType.startsWith('application/x-ndjson') ? new Lines() : new Pages();

/** A log a line, as they come. */
class Lines implements LogLines {
  count = 0;
  isWhole = true;

  push(chunk: Buffer): Buffer {
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.count += 1;
    if (chunk.length > 0) this.isWhole = chunk.at(-1) === NEWLINE;
    return chunk;
  }
}

/** The logs are found by the depth of brackets outside of texts, because parsing them would take much longer. */
class Pages implements LogLines {
  count = 0;
  isWhole = false;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;

  push(chunk: Buffer): Buffer {
    const parts: Buffer[] = [];
    let start = 0;
    for (let i = 0; i < chunk.length; i += 1) {
      const byte = chunk[i];
      if (this.#isInText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === BACKSLASH) this.#isEscaped = true;
        else if (byte === QUOTE) this.#isInText = false;
      } else if (byte === QUOTE) this.#isInText = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
        this.#depth += 1;
        if (this.#depth === LOG_DEPTH) start = i;
      } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
        if (this.#depth === LOG_DEPTH) {
          parts.push(chunk.subarray(start, i + 1), LINE_END);
          this.count += 1;
        }
        this.#depth -= 1;
        this.isWhole = this.#depth === 0;
      }
    }
    if (this.#depth >= LOG_DEPTH) parts.push(chunk.subarray(start));
    return Buffer.concat(parts);
  }
}
