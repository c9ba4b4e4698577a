import type { FeedAnswer } from '../../../shared/feed/read-feed.ts';
import { JSON_TYPE } from '../../../shared/media-types.ts';
import { announcedLogs } from './announced-logs.ts';
import type { AnswerFormat } from './answer-format.ts';
import { inChunks } from './chunks.ts';

/** What an answer of the feed says beside its logs. */
export type FeedEnd = Pick<FeedAnswer, 'cursor' | 'hasMore' | 'gapSince'>;

const COMMA = Buffer.from(',');

/** One JSON object (docs/contract.md#the-feed). The cursor follows the logs: whoever can read it has them all. */
export const FEED_JSON: AnswerFormat<FeedEnd> = {
  mediaType: JSON_TYPE,
  frame: (results, logs, end) => inChunks(pieces(results, logs, end)),
};

function* pieces(results: number, logs: Iterable<Buffer>, end: FeedEnd): Generator<Buffer, void, undefined> {
  yield Buffer.from('{"events":[');
  let isFirst = true;
  for (const log of announcedLogs(results, logs)) {
    if (!isFirst) yield COMMA;
    yield log;
    isFirst = false;
  }
  yield Buffer.from(`],${JSON.stringify(members(end)).slice(1)}`);
}

/** The members of the object after `events`. */
const members = ({ cursor, hasMore, gapSince }: FeedEnd) => ({
  cursor,
  has_more: hasMore,
  ...(hasMore && { next_cursor: cursor }),
  ...(gapSince !== undefined && { gap: true, gap_since: new Date(gapSince).toISOString() }),
});
