import { beforeEach, describe, expect, test } from 'vitest';
import type { Place } from '../../../shared/feed/cursor.ts';
import { parseCursor } from '../../../shared/feed/cursor.ts';
import { type FeedRange, rangeReader } from '../../../shared/feed/read-range.ts';
import type { StoredLog } from '../../../shared/log/formats/stored-log.ts';
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
const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
const BEGINNING: Place = { epoch: '', since: 0, positions: new Map() };
const placeOf = (text: string): Place => parseCursor(text) ?? BEGINNING;

async function read(
  range: Partial<FeedRange> & Pick<FeedRange, 'to'>,
  write?: (stored: StoredLog) => Buffer,
): Promise<string[]> {
  const openTable = dynamoDbFeedTable({ client: feed.client, tableName: feed.tableName });
  const whole = { from: BEGINNING, chosenAt: feed.clock.now, storedAfter: 0, ...range };
  const lines: string[] = [];
  for await (const logs of rangeReader({ openTable, now: () => feed.clock.now })(whole, write, signal))
    lines.push(...logs.map(String));
  return lines;
}

/** Batches of 3, 1, 4, 1, 5 and 9 logs, a second apart, in four shards. */
async function writeBatches(): Promise<void> {
  for (const [i, size] of [3, 1, 4, 1, 5, 9].entries()) {
    feed.clock.now = START + i * SECOND;
    await feed.write(logsOf(...Array.from({ length: size }, (_, n) => `${i}-${n}`)), { shard: i % 4 });
  }
}

describe('a range of the feed', () => {
  test('has what the feed has between two cursors, wherever these cut a slot', async () => {
    await writeBatches();
    const { logs } = await feed.read();
    for (const limit of [1, 2, 3, 5, 100]) {
      const pieces: string[] = [];
      let from = BEGINNING;
      for (let cursor: string | undefined; ; ) {
        const answer = await feed.read({ limit, ...(cursor !== undefined && { cursor }) });
        const to = placeOf(answer.cursor);
        expect(await read({ from, to })).toEqual(answer.logs.map(String));
        pieces.push(...answer.logs.map(String));
        [from, cursor] = [to, answer.cursor];
        if (!answer.hasMore) break;
      }
      expect(pieces).toEqual(logs.map(String));
    }
  });

  test('does not grow: what is stored later belongs to no range of before', async () => {
    await writeBatches();
    const to = placeOf((await feed.read()).cursor);
    const before = await read({ to });
    for (const shard of [0, 1, 2, 3]) await feed.write(logsOf(`late-${shard}`), { shard });
    expect(await read({ to })).toEqual(before);
  });

  test('gives a format of its own each log, its id and the time of storing', async () => {
    await feed.write(logsOf('a'));
    const to = placeOf((await feed.read()).cursor);
    const lines = await read({ to }, ({ id, createdAt }) => Buffer.from(`${id} ${createdAt}`));
    expect(lines).toEqual([`a ${START}`]);
  });

  test('has the logs that could be read when it was chosen, for the six hours that slots are kept longer', async () => {
    await feed.write(logsOf('a'));
    feed.clock.now += 47 * HOUR;
    const chosenAt = feed.clock.now;
    await feed.write(logsOf('b'));
    const range = { to: placeOf((await feed.read()).cursor), chosenAt, storedAfter: chosenAt - 48 * HOUR };
    const ids = async () => (await read(range)).map((line) => JSON.parse(line).event.id);
    feed.clock.now = START + 54 * HOUR - 1;
    expect(await ids()).toEqual(['a', 'b']);
    feed.clock.now = START + 54 * HOUR;
    expect(await ids()).toEqual(['b']);
    expect(await read({ ...range, chosenAt: START + 48 * HOUR + 1 })).toHaveLength(1);
    expect(await read({ ...range, storedAfter: START })).toHaveLength(1);
    expect(await read({ ...range, from: { ...BEGINNING, since: START + 1 } })).toHaveLength(1);
  });

  test('leaves out what cannot be read, and goes on', async () => {
    await writeBatches();
    const to = placeOf((await feed.read()).cursor);
    await feed.tamper('feed#0', '000000000000001#0', 'intent', Buffer.of(1, 2, 3));
    expect((await read({ to })).map((line) => JSON.parse(line).event.id)).toHaveLength(20);
  });
});
