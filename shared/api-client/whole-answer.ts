import type { IncomingHttpHeaders } from 'node:http';
import { NoAnswer } from './answers.ts';
import { ask, reasonOf } from './ask.ts';
import { logLines } from './log-lines.ts';

/** An answer of which nothing is missing, in memory. */
export interface WholeAnswer {
  /** A log a line. */
  readonly lines: Buffer;
  readonly logs: number;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Reads an answer whose logs fit into memory.
 *
 * @throws NoAnswer if it was cut: its logs are not as many as the header says; and what `ask` throws
 */
export async function readWholeAnswer(url: URL, key: string): Promise<WholeAnswer> {
  const { headers, body, decoder } = await ask(url, key, 'application/x-ndjson');
  const lines = logLines('application/x-ndjson');
  const parts: Buffer[] = [];
  try {
    const decoding = decoder();
    // The body's own end counts: a decoder may be content before it.
    body.on('error', (error) => decoding?.destroy(error));
    for await (const chunk of decoding === undefined ? body : body.pipe(decoding))
      parts.push(lines.push(chunk));
  } catch (cause) {
    throw new NoAnswer(`the answer was cut: ${reasonOf(cause as Error)}`, { cause });
  }
  const expected = Number(headers['number-of-results'] ?? Number.NaN);
  if (!lines.isWhole || lines.count !== expected)
    throw new NoAnswer(`the answer has ${lines.count} of ${expected} logs`);
  return { lines: Buffer.concat(parts), logs: lines.count, headers };
}
