import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { InvalidCursor } from '../../../shared/feed/feed-errors.ts';
import { HOUR, MINUTE } from '../../../shared/time.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { log } from '../../fixtures/identified-logs.ts';

const freshFeed = feedMaker();
let feed: Feed;
beforeEach(async () => {
  feed = await freshFeed();
});

const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
const writeAt = (after: number, id: string, retentionHours = 48) => {
  feed.clock.now = START + after;
  return feed.write(logsOf(id), { retentionHours });
};
const cursorNow = async () => (await feed.read()).cursor;
/** What DynamoDB does with the items of a slot some time after they have expired. */
const deleteSlot = async (number: number) => {
  for (const part of ['#0', '#1']) {
    const Key = { pk: 'feed#0', sk: `${String(number).padStart(15, '0')}${part}` };
    await feed.client.send(new DeleteCommand({ TableName: feed.tableName, Key }));
  }
};

describe('a log whose lifetime has passed', () => {
  test('is not shown any more, though its slot is still there', async () => {
    await writeAt(0, 'a');
    feed.clock.now = START + 48 * HOUR - 1;
    expect(await feed.read()).toMatchObject({ ids: ['a'], gapSince: undefined });
    feed.clock.now = START + 48 * HOUR;
    expect(await feed.read()).toMatchObject({ ids: [], gapSince: undefined, hasMore: false });
    const since = { kind: 'since', since: START } as const;
    expect(await feed.read({ start: since })).toMatchObject({ ids: [], gapSince: undefined });
  });

  test('is a gap for whoever comes back with a cursor from before it', async () => {
    await writeAt(0, 'seen');
    const cursor = await cursorNow();
    await writeAt(HOUR, 'missed');
    await writeAt(2 * HOUR, 'in time');
    feed.clock.now = START + 49 * HOUR;
    const answer = await feed.read({ cursor });
    expect(answer).toMatchObject({ ids: ['in time'], gapSince: START });
    expect(await feed.read({ cursor: answer.cursor })).toMatchObject({ ids: [], gapSince: undefined });
  });

  test('is no gap for whoever has read it, however old the cursor is', async () => {
    await writeAt(0, 'seen');
    const cursor = await cursorNow();
    feed.clock.now = START + 1000 * HOUR;
    expect(await feed.read({ cursor })).toMatchObject({ ids: [], gapSince: undefined });
    await writeAt(1000 * HOUR, 'new');
    expect(await feed.read({ cursor })).toMatchObject({ ids: ['new'], gapSince: START });
  });

  test('and whose slot DynamoDB has deleted is no obstacle', async () => {
    await writeAt(0, 'gone');
    await writeAt(HOUR, 'gone, too');
    await feed.resolve();
    await writeAt(100 * HOUR, 'new');
    await deleteSlot(1);
    await deleteSlot(2);
    expect(await feed.read()).toMatchObject({ ids: ['new'], gapSince: undefined, unresolved: [] });
  });
});

describe('when the lifetime changes', () => {
  test('a log that was stored under a shorter one does not come back: it is a gap', async () => {
    await writeAt(0, 'seen', 24);
    const cursor = await cursorNow();
    await writeAt(1, 'short', 24);
    await writeAt(25 * HOUR, 'long', 200);
    const raised = { retentionHours: 200 };
    expect(await feed.read({}, raised)).toMatchObject({ ids: ['long'], gapSince: undefined });
    expect(await feed.read({ cursor }, raised)).toMatchObject({ ids: ['long'], gapSince: START });
  });

  test('slots that expired under a shorter one are a gap for a reader that was away, and are not voided', async () => {
    await writeAt(0, 'seen');
    const cursor = await cursorNow();
    await writeAt(1, 'missed');
    await writeAt(HOUR, 'kept', 200);
    await feed.resolve();
    feed.clock.now = START + 150 * HOUR;
    await deleteSlot(1);
    await deleteSlot(2);
    expect(await feed.resolve()).toMatchObject({ voided: 0, openSlots: 0 });
    expect(await feed.resolve({ kind: 'slot', shard: 0, number: 2 })).toMatchObject({ voided: 0 });
    const answer = await feed.read({ cursor }, { retentionHours: 200 });
    expect(answer).toMatchObject({ ids: ['kept'], gapSince: START, unresolved: [] });
  });

  test('a log that was stored under a longer one is shown for the shorter one', async () => {
    await writeAt(0, 'seen', 200);
    const cursor = await cursorNow();
    await writeAt(HOUR, 'old', 200);
    feed.clock.now = START + 49 * HOUR - 1;
    expect(await feed.read()).toMatchObject({ ids: ['old'] });
    feed.clock.now = START + 49 * HOUR;
    expect(await feed.read()).toMatchObject({ ids: [] });
    await writeAt(60 * HOUR, 'new', 48);
    expect(await feed.read()).toMatchObject({ ids: ['new'], gapSince: undefined });
    expect(await feed.read({ cursor })).toMatchObject({ ids: ['new'], gapSince: START });
  });
});

describe('a cursor', () => {
  test('of another table, as after restoring one, begins with the oldest, and states the gap', async () => {
    await writeAt(0, 'here');
    const cursor = await cursorNow();
    feed = await freshFeed();
    // Even where no batch has come yet.
    expect(await feed.read({ cursor })).toMatchObject({ ids: [], gapSince: START });
    await writeAt(0, 'there');
    const answer = await feed.read({ cursor });
    expect(answer).toMatchObject({ ids: ['there'], gapSince: START });
    expect(await feed.read({ cursor: answer.cursor })).toMatchObject({ ids: [], gapSince: undefined });
  });

  test('that is more than five minutes ahead is invalid; a clock that is a little behind is not', async () => {
    await writeAt(0, 'a');
    const cursor = await cursorNow();
    feed.clock.now = START - 5 * MINUTE;
    expect(await feed.read({ cursor })).toMatchObject({ ids: [] });
    feed.clock.now -= 1;
    await expect(feed.read({ cursor })).rejects.toThrow(InvalidCursor);
  });

  test('that names slots which do not exist is invalid', async () => {
    for (const id of ['a', 'b', 'c']) await writeAt(0, id);
    const cursor = await cursorNow();
    await feed.tamper('feed#head', 'head', 'q0', 2);
    await expect(feed.read({ cursor })).rejects.toThrow(InvalidCursor);
    await feed.tamper('feed#head', 'head', 'q0', 3);
    expect(await feed.read({ cursor })).toMatchObject({ ids: [], gapSince: undefined });
  });
});
