import type { FeedAnswer } from '../../shared/feed/read-feed.ts';
import { linkToNext } from '../http/link-to-next.ts';

/**
 * The headers that only answers of the feed have (docs/contract.md#the-feed).
 *
 * @param url of the feed, without a query; undefined if it is not known
 * @param kept the parameters of the next request beside its cursor
 */
export const feedHeaders = (
  { cursor, hasMore, gapSince }: Pick<FeedAnswer, 'cursor' | 'hasMore' | 'gapSince'>,
  url: string | undefined,
  kept: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> => ({
  'Feed-Cursor': cursor,
  ...(hasMore && url !== undefined && { Link: linkToNext(url, { cursor, ...kept }) }),
  ...(gapSince !== undefined && {
    'Feed-Gap': 'true',
    'Feed-Gap-Since': new Date(gapSince).toISOString(),
  }),
});
