import * as z from 'zod/mini';
import { storedAt } from '../log/stored-fields.ts';
import { JSON_TYPE, NDJSON_TYPE } from '../media-types.ts';
import { feedParameters } from '../query/feed-parameters.ts';
import { feedAnswerLogSchema } from './log-schemas.ts';
import type { Operation } from './operation.ts';

/** What was stored after a cursor (docs/contract.md#the-feed). */

const cursor = z.string().check(z.minLength(1), z.describe('The place after this answer.'));

const answer = z.strictObject({
  events: z.array(feedAnswerLogSchema),
  cursor,
  has_more: z.boolean().check(z.describe('Whether the next request finds more now.')),
  next_cursor: z.optional(cursor.check(z.describe('The cursor again, only while there is more.'))),
  gap: z.optional(z.literal(true).check(z.describe('Logs may be missing.'))),
  gap_since: z.optional(
    storedAt.check(z.describe('Logs that were stored since then may be missing. Only with gap.')),
  ),
});

export const READ_FEED: Operation = {
  id: 'readFeed',
  path: '/api/security-logs/feed',
  summary: 'What was stored after a cursor',
  description:
    'Whoever takes whole answers, each with the cursor of the one before, gets every stored log exactly once. Without cursor and start_time the feed begins at the oldest log that is kept.',
  answer: 'The logs, in the format that the parameter format chose. The headers come before the first byte.',
  parameters: feedParameters,
  errors: ['application_not_allowed', 'not_acceptable', 'no_acceptable_encoding'],
  bodies: { [JSON_TYPE]: answer, [NDJSON_TYPE]: feedAnswerLogSchema },
  headers: {
    always: ['Number-Of-Results', 'Feed-Cursor', 'Cache-Control', 'Vary'],
    sometimes: ['Link', 'Feed-Gap', 'Feed-Gap-Since', 'Content-Encoding'],
  },
  next: {
    description: 'What was stored after this answer.',
    parameters: { cursor: '$response.header.Feed-Cursor' },
  },
};
