import type { FeedAnswer } from '../../../shared/feed/read-feed.ts';
import { JSON_TYPE } from '../../../shared/media-types.ts';
import type { AnswerFormat } from './answer-format.ts';
import { inChunks } from './chunks.ts';
import { jsonObject } from './json-object.ts';

/** What an answer of the feed says beside its logs. */
export type FeedEnd = Pick<FeedAnswer, 'cursor' | 'hasMore' | 'gapSince'>;

/** One JSON object (docs/contract.md#the-feed). The cursor follows the logs: whoever can read it has them all. */
export const FEED_JSON: AnswerFormat<FeedEnd> = {
  mediaType: JSON_TYPE,
  frame: (results, logs, end) => inChunks(jsonObject('events', results, logs, members(end))),
};

/** The members of the object after `events`. */
const members = ({ cursor, hasMore, gapSince }: FeedEnd) => ({
  cursor,
  has_more: hasMore,
  ...(hasMore && { next_cursor: cursor }),
  ...(gapSince !== undefined && { gap: true, gap_since: new Date(gapSince).toISOString() }),
});
