import { beforeEach, describe, expect, test } from 'vitest';
import { UnknownFeedVersion } from '../../../shared/feed/feed-errors.ts';
import type { LogItem, Slot } from '../../../shared/feed/feed-table.ts';
import { HOUR, SECOND } from '../../../shared/time.ts';
import { endsAfterIntent } from '../../fixtures/crashes.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { log } from '../../fixtures/identified-logs.ts';

const freshFeed = feedMaker();

const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
/** A put of the log, to find it. */
const logItem = (id: string): LogItem => ({
  application: 'player',
  timestamp: START,
  id,
  document: Buffer.alloc(0),
  action: 'OPENED',
  rid: undefined,
  createdAt: START,
  expiresAt: START,
  slot: 'none',
});
const SECOND_SLOT = '000000000000002';

/** Three slots, a second apart; the second one is tampered with. */
let feed: Feed;
beforeEach(async () => {
  feed = await freshFeed();
  for (const [i, ids] of [['a1', 'a2'], ['b1', 'b2'], ['c1']].entries()) {
    feed.clock.now = START + i * SECOND;
    await feed.write(logsOf(...ids));
  }
});
const tamper = (part: '#0' | '#1', attribute: string, value: unknown) =>
  feed.tamper('feed#0', `${SECOND_SLOT}${part}`, attribute, value);
const second = async (): Promise<Slot> =>
  (await feed.table.readSlots(0, 1, 1, { consistent: true })).slots[0] as Slot;
/** The bytes of the intent with one bit changed, at its beginning, middle or end. */
const damagedIntent = async (place: number) => {
  const { content } = await second();
  const bytes = content?.kind === 'intent' ? Buffer.from(content.logs) : expect.fail('no intent');
  const at = Math.floor((bytes.length - 1) * place);
  bytes[at === 0 ? 1 : at] = (bytes[at === 0 ? 1 : at] as number) ^ 1;
  return bytes;
};

describe('a damaged slot', () => {
  const skipped = { ids: ['a1', 'a2', 'c1'], damaged: 1, unresolved: [], hasMore: false };

  test.each([0, 0.2, 0.5, 1])(
    '(its intent, a bit at %f) is skipped, and the answer states the gap',
    async (place) => {
      await tamper('#0', 'intent', await damagedIntent(place));
      const answer = await feed.read();
      expect(answer).toMatchObject({ ...skipped, gapSince: START + SECOND });
      // Only the answer that goes past it says so.
      expect(await feed.read({ cursor: answer.cursor })).toMatchObject({
        ids: [],
        damaged: 0,
        gapSince: undefined,
      });
    },
  );

  test.each([
    ['#0', 'v', 0],
    ['#0', 'nonce', 7],
    ['#0', 'intent', 'text'],
    ['#1', 'seal', Buffer.of(1, 0, 0, 0, 0, 0, 2, 0xff)],
    ['#1', 'v', 0],
  ] as const)('(its item %s, attribute %s) is skipped', async (part, attribute, value) => {
    await tamper(part, attribute, value);
    expect(await feed.read()).toMatchObject({ ...skipped, gapSince: START + SECOND });
  });

  test.each(['text', 9e15, -1, 1.5])('whose time is not known (%s) is a gap since now', async (createdAt) => {
    await tamper('#0', 'createdAt', createdAt);
    feed.clock.now += SECOND;
    expect(await feed.read()).toMatchObject({ ...skipped, gapSince: START + 3 * SECOND });
  });

  test('is skipped in small answers as well, and counted once', async () => {
    await tamper('#0', 'intent', await damagedIntent(0.5));
    let [ids, damaged, cursor]: [string[], number, string | undefined] = [[], 0, undefined];
    for (let i = 0; i < 5; i++) {
      const answer = await feed.read({ limit: 1, ...(cursor !== undefined && { cursor }) });
      ids = [...ids, ...answer.ids];
      damaged += answer.damaged;
      cursor = answer.cursor;
    }
    expect([ids, damaged]).toEqual([skipped.ids, 1]);
  });

  test('whose expiry is lost is shown, and can be resolved: its logs live as long as others', async () => {
    await feed.write(logsOf('d'), { intercept: endsAfterIntent() });
    await feed.tamper('feed#0', '000000000000004#0', 'expiresAt', 'text');
    feed.clock.now += 12 * SECOND;
    expect(await feed.resolve()).toMatchObject({ damaged: 0, rolledForward: 1 });
    expect((await feed.read()).ids).toEqual(['a1', 'a2', 'b1', 'b2', 'c1', 'd']);
    const [put] = await Promise.all(feed.table.putLogs([logItem('d')]));
    const expiresAt = START + 2 * SECOND + 60 * HOUR;
    expect(put).toMatchObject({ kind: 'found', item: { expiresAt, slot: '0.4' } });
  });

  test('that is not sealed holds nobody up: resolving counts it, and settles it', async () => {
    await feed.write(logsOf('d'), { intercept: endsAfterIntent() });
    await feed.tamper('feed#0', '000000000000004#0', 'intent', await damagedIntent(0.5));
    await feed.write(logsOf('e'));
    feed.clock.now += 12 * SECOND;
    expect(await feed.resolve()).toMatchObject({ damaged: 1, rolledForward: 0, openSlots: 0 });
    const { ids, damaged } = await feed.read();
    expect([ids, damaged]).toEqual([['a1', 'a2', 'b1', 'b2', 'c1', 'e'], 1]);
  });
});

describe('what a later release wrote', () => {
  test.each([
    ['the item of an intent', '#0', 'v', 2],
    ['an intent', '#0', 'intent', Buffer.of(2, 9, 9)],
    ['the item of a seal', '#1', 'v', 2],
    ['a seal', '#1', 'seal', Buffer.of(2, 9, 9)],
  ] as const)(
    '(%s) is not gone past: reading fails, and the cursor stays',
    async (_, part, attribute, value) => {
      const { cursor } = await feed.read({ limit: 1 });
      await tamper(part, attribute, value);
      for (let i = 0; i < 2; i++) await expect(feed.read({ cursor })).rejects.toThrow(UnknownFeedVersion);
      await expect(feed.read()).rejects.toThrow(UnknownFeedVersion);
    },
  );

  test('(the head) can be neither read nor written', async () => {
    await feed.tamper('feed#head', 'head', 'v', 2);
    await expect(feed.read()).rejects.toThrow(UnknownFeedVersion);
    await expect(feed.resolve()).rejects.toThrow(UnknownFeedVersion);
    expect(await feed.write(logsOf('new'))).toEqual(['failed']);
  });

  test('(an intent that is not sealed) is not resolved', async () => {
    await feed.write(logsOf('d'), { intercept: endsAfterIntent() });
    await feed.tamper('feed#0', '000000000000004#0', 'intent', Buffer.of(2, 9, 9));
    feed.clock.now += 12 * SECOND;
    await expect(feed.resolve()).rejects.toMatchObject({ cause: expect.any(UnknownFeedVersion) });
    await expect(feed.read()).rejects.toThrow(UnknownFeedVersion);
  });
});
