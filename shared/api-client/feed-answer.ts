import { NoAnswer } from './answers.ts';
import { readWholeAnswer, type WholeAnswer } from './whole-answer.ts';

/** A whole answer of the feed (docs/contract.md#the-feed). The service bounds an answer, so it fits into memory. */
export interface FeedAnswer extends Pick<WholeAnswer, 'lines' | 'logs'> {
  readonly cursor: string;
  readonly hasMore: boolean;
  readonly gapSince: string | undefined;
}

/** @throws NoAnswer if the answer was cut, and what `ask` throws */
export async function readFeedAnswer(url: URL, key: string): Promise<FeedAnswer> {
  const { lines, logs, headers } = await readWholeAnswer(url, key);
  const { 'feed-cursor': cursor, 'feed-gap-since': gapSince } = headers;
  if (typeof cursor !== 'string') throw new NoAnswer('the answer has no cursor');
  return {
    lines,
    logs,
    cursor,
    hasMore: headers.link !== undefined,
    gapSince: typeof gapSince === 'string' ? gapSince : undefined,
  };
}
