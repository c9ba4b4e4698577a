import { dynamoDbClient } from '../../functions/aws-clients.ts';
import type { Start } from '../../shared/feed/begin-reading.ts';
import { parseCursor } from '../../shared/feed/cursor.ts';
import { feedReader } from '../../shared/feed/read-feed.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { type Capacity, countCapacity } from '../count-capacity.ts';
import { TABLE_NAME } from '../data.ts';
import { answerParent } from '../subject.ts';

/** What reading the feed asks DynamoDB for. */

export interface FeedReads {
  /** Of a first answer, with the oldest log. */
  readonly beginning: Capacity;
  /** Of the answers after it, until there is no more. */
  readonly following: Capacity;
  /** How many logs those have. */
  readonly logs: number;
  /** Of one more answer with the last cursor, after which nothing was stored. */
  readonly idle: Capacity;
}

answerParent<{ limit: number }, FeedReads>(async ({ limit }) => {
  const client = dynamoDbClient(1);
  const capacity = countCapacity(client);
  const read = feedReader({
    openTable: dynamoDbFeedTable({ client, tableName: TABLE_NAME }),
    retentionHours: 48,
    now: Date.now,
  });
  const bounds = {
    applications: ['player', 'builder'],
    maxBytes: Number.POSITIVE_INFINITY,
    readUntil: Number.POSITIVE_INFINITY,
  } as const;
  let start: Start = { kind: 'oldest' };
  let logs = 0;
  const answer = async (most: number): Promise<boolean> => {
    const found = await read({ start, limit: most, ...bounds }, new AbortController().signal);
    const cursor = parseCursor(found.cursor);
    if (cursor === undefined) throw new Error('the feed gave a cursor that it cannot read');
    start = { kind: 'cursor', cursor };
    logs += found.logs.length;
    return found.hasMore;
  };
  const counted = async (does: () => Promise<unknown>): Promise<Capacity> => {
    const { requests, readUnits } = capacity;
    await does();
    return { requests: capacity.requests - requests, readUnits: capacity.readUnits - readUnits };
  };

  const beginning = await counted(() => answer(1));
  const following = await counted(async () => {
    while (await answer(limit));
  });
  return { beginning, following, logs: logs - 1, idle: await counted(() => answer(limit)) };
});
