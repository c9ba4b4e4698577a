import { NoAnswer } from '../service/answers.ts';
import { ask, reasonOf } from '../service/ask.ts';
import { logLines } from '../service/log-lines.ts';

/** A whole answer of the feed (docs/contract.md#the-feed). */
export interface FeedAnswer {
  /** A log a line. The service bounds an answer, so it fits into memory. */
  readonly lines: Buffer;
  readonly logs: number;
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly gapSince: string | undefined;
}

/** @throws NoAnswer if the answer was cut, and what `ask` throws */
export async function readFeedAnswer(url: URL, key: string): Promise<FeedAnswer> {
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
  const cursor = headers['feed-cursor'];
  if (!lines.isWhole || lines.count !== expected || typeof cursor !== 'string')
    throw new NoAnswer(`the answer has ${lines.count} of ${expected} logs`);
  const gapSince = headers['feed-gap-since'];
  return {
    lines: Buffer.concat(parts),
    logs: lines.count,
    cursor,
    hasMore: headers.link !== undefined,
    gapSince: typeof gapSince === 'string' ? gapSince : undefined,
  };
}
