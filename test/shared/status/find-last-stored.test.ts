import { beforeEach, describe, expect, test } from 'vitest';
import { findLastStored } from '../../../shared/status/find-last-stored.ts';
import { dynamoDbFeedTable } from '../../../shared/store/feed/dynamodb-feed-table.ts';
import { HOUR, SECOND } from '../../../shared/time.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { log } from '../../fixtures/identified-logs.ts';

const freshFeed = feedMaker();
let feed: Feed;
beforeEach(async () => {
  feed = await freshFeed();
});

const { signal } = new AbortController();
const find = () =>
  findLastStored(
    dynamoDbFeedTable({ client: feed.client, tableName: feed.tableName })(signal),
    feed.clock.now,
  );

describe('the newest log', () => {
  test('is not there before the first batch', async () => {
    expect(await find()).toBeUndefined();
  });

  test('is that of the newest batch of all shards, with the latest time of its events', async () => {
    for (const shard of [0, 2, 1]) {
      feed.clock.now += SECOND;
      await feed.write([log(START - 2_000, `a-${shard}`), log(START - 1_000, `b-${shard}`)], { shard });
    }
    expect(await find()).toEqual({ storedAt: feed.clock.now, eventAt: START - 1_000 });
  });

  test('is looked for behind a batch that stored nothing, because its logs were there', async () => {
    await feed.write([log(START, 'a')], { shard: 0 });
    const storedAt = feed.clock.now;
    feed.clock.now += SECOND;
    await feed.write([log(START, 'a')], { shard: 0 });
    expect(await find()).toEqual({ storedAt, eventAt: START });
  });

  test('is not there any more once it has expired', async () => {
    await feed.write([log(START, 'a')], { shard: 0 });
    feed.clock.now += 10_000 * HOUR;
    expect(await find()).toBeUndefined();
  });
});
