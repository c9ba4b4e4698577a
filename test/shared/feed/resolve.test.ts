import { beforeEach, describe, expect, test } from 'vitest';
import { feedResolver } from '../../../shared/feed/resolve.ts';
import { HOUR, SECOND } from '../../../shared/time.ts';
import { endsAfterIntent, endsBeforeSeal, losesFirstNumber } from '../../fixtures/crashes.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { log } from '../../fixtures/identified-logs.ts';
import { failingStatements, sortKeyOf } from '../../fixtures/intercepted-client.ts';

const freshFeed = feedMaker();
let feed: Feed;
beforeEach(async () => {
  feed = await freshFeed();
});

const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
const NOTHING = { rolledForward: 0, voided: 0, damaged: 0, announced: [] };
const FIRST = { shard: 0, number: 1 };

describe('a slot whose writer ended', () => {
  test('before its logs: holds its shard up for twelve seconds, then all of them are stored and shown', async () => {
    expect(await feed.write(logsOf('a', 'b'), { intercept: endsAfterIntent() })).toEqual([
      'failed',
      'failed',
    ]);
    feed.clock.now += SECOND;
    await feed.write(logsOf('c'));
    await feed.write(logsOf('elsewhere'), { shard: 1 });
    feed.clock.now = START + 12 * SECOND - 1;
    const waiting = await feed.read();
    expect(waiting).toMatchObject({
      ids: ['elsewhere'],
      hasMore: false,
      unresolved: [],
      gapSince: undefined,
    });
    expect(await feed.resolve()).toMatchObject({ ...NOTHING, openSlots: 2, openSlotAge: 11.999 });

    feed.clock.now += 1;
    expect((await feed.read()).unresolved).toEqual([FIRST]);
    expect(await feed.resolve({ kind: 'slot', ...FIRST })).toEqual({
      ...NOTHING,
      rolledForward: 1,
      announced: ['a', 'b'],
    });
    const { ids, logs } = await feed.read({ cursor: waiting.cursor });
    expect(ids).toEqual(['a', 'b', 'c']);
    expect(JSON.parse(String(logs[0])).event.created).toBe(new Date(START).toISOString());
    expect(await feed.resolve()).toEqual({ ...NOTHING, openSlots: 0, openSlotAge: 0 });
  });

  test('amid its logs: those that are in another slot are not shown again, nor announced again', async () => {
    await feed.write(logsOf('old'), { shard: 1 });
    const intercept = endsAfterIntent('new', 'old');
    const kinds = await feed.write(logsOf('new', 'lost', 'old'), { intercept });
    expect(kinds).toEqual(['stored', 'failed', 'found']);
    feed.clock.now += 12 * SECOND;
    expect(await feed.resolve()).toMatchObject({ rolledForward: 1, announced: ['new', 'lost'] });
    expect((await feed.read()).ids.toSorted()).toEqual(['lost', 'new', 'old']);
  });

  test('before its seal: its logs are announced, for nobody knows whether they were', async () => {
    expect(await feed.write(logsOf('a', 'b'), { intercept: endsBeforeSeal })).toEqual(['stored', 'stored']);
    feed.clock.now += 12 * SECOND;
    expect((await feed.read()).ids).toEqual([]);
    expect(await feed.resolve()).toMatchObject({ rolledForward: 1, announced: ['a', 'b'] });
    expect((await feed.read()).ids).toEqual(['a', 'b']);
  });

  test('or did not learn of a log whether it was stored: it is never sealed out', async () => {
    const intercept = failingStatements((put) =>
      sortKeyOf(put).endsWith('#b') ? 'AccessDenied' : undefined,
    );
    expect(await feed.write(logsOf('a', 'b'), { intercept })).toEqual(['stored', 'failed']);
    expect((await feed.read()).ids).toEqual([]);
    feed.clock.now += 12 * SECOND;
    await feed.resolve();
    expect((await feed.read()).ids).toEqual(['a', 'b']);
  });

  test('belongs to a reader that begins from now', async () => {
    await feed.write(logsOf('before'));
    await feed.write(logsOf('in flight'), { intercept: endsAfterIntent() });
    await feed.write(logsOf('after'));
    const { cursor, ids } = await feed.read({ start: { kind: 'now' } });
    expect(ids).toEqual([]);
    feed.clock.now += 12 * SECOND;
    await feed.resolve();
    expect((await feed.read({ cursor })).ids).toEqual(['in flight', 'after']);
  });

  test('stays open while its announcements fail or its logs cannot be put', async () => {
    await feed.write(logsOf('a'), { intercept: endsAfterIntent() });
    feed.clock.now += 12 * SECOND;
    const failing = feedResolver({
      openTable: () => feed.table,
      now: () => feed.clock.now,
      announce: () => Promise.reject(new Error('not announced')),
    });
    await expect(failing({ kind: 'all' }, new AbortController().signal)).rejects.toMatchObject({
      cause: new Error('not announced'),
    });
    await expect(feed.resolve({ kind: 'all' }, endsAfterIntent())).rejects.toMatchObject({
      cause: expect.objectContaining({ message: 'the writer has ended' }),
    });
    expect((await feed.read()).ids).toEqual([]);
    expect(await feed.resolve()).toMatchObject({ rolledForward: 1, announced: ['a'] });
  });

  test('is out of reach once its logs have expired', async () => {
    await feed.write(logsOf('a'), { intercept: endsAfterIntent() });
    feed.clock.now += 48 * HOUR;
    expect(await feed.resolve()).toEqual({ ...NOTHING, openSlots: 0, openSlotAge: 0 });
  });
});

describe('a number without an intent', () => {
  test('is given up three seconds after a later slot', async () => {
    expect(await feed.write(logsOf('a'), { intercept: losesFirstNumber() })).toEqual(['stored']);
    feed.clock.now += 3 * SECOND - 1;
    const waiting = await feed.read();
    expect(waiting).toMatchObject({ ids: [], hasMore: false, unresolved: [] });
    expect(await feed.resolve()).toMatchObject({ voided: 0, openSlots: 2 });
    feed.clock.now += 1;
    expect((await feed.read()).unresolved).toEqual([FIRST]);
    expect(await feed.resolve({ kind: 'slot', ...FIRST })).toEqual({ ...NOTHING, voided: 1 });
    expect((await feed.read({ cursor: waiting.cursor })).ids).toEqual(['a']);
  });

  test('is left as long as there is no later slot: its writer may be slow', async () => {
    await feed.table.allocate(0, { epoch: 'e', lifetimes: [{ since: START, hours: 48 }] });
    feed.clock.now += HOUR;
    expect(await feed.resolve()).toMatchObject({ voided: 0, openSlots: 1 });
    expect(await feed.read()).toMatchObject({ ids: [], hasMore: false, unresolved: [] });
  });

  test('that was given up is never used: its writer takes another one', async () => {
    await feed.table.putContent(FIRST, { kind: 'void', at: START }, START + 54 * HOUR);
    expect(await feed.write(logsOf('a'))).toEqual(['stored']);
    expect(await feed.read()).toMatchObject({ ids: ['a'], unresolved: [] });
    for (const number of [3, 4, 5])
      await feed.table.putContent({ shard: 0, number }, { kind: 'void', at: START }, START + 54 * HOUR);
    expect(await feed.write(logsOf('b'))).toEqual(['failed']);
    expect(await feed.write(logsOf('b'))).toEqual(['stored']);
  });
});

describe('resolving', () => {
  test('before the first batch, and where everything is settled, does nothing', async () => {
    expect(await feed.resolve()).toEqual({ ...NOTHING, openSlots: 0, openSlotAge: 0 });
    expect(await feed.resolve({ kind: 'slot', ...FIRST })).toEqual(NOTHING);
    await feed.write(logsOf('a'));
    expect(await feed.resolve({ kind: 'slot', ...FIRST })).toEqual(NOTHING);
    expect(await feed.resolve({ kind: 'slot', shard: 0, number: 99 })).toEqual(NOTHING);
    expect(await feed.resolve({ kind: 'slot', shard: 9, number: 1 })).toEqual(NOTHING);
  });

  test('of all slots keeps in the head how far it came', async () => {
    for (const id of ['a', 'b', 'c']) await feed.write(logsOf(id), { shard: 2 });
    await feed.write(logsOf('open'), { shard: 2, intercept: endsAfterIntent() });
    await feed.resolve();
    expect(await feed.table.readHead({ consistent: true })).toMatchObject({ settled: new Map([[2, 3]]) });
  });
});
