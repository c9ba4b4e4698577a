import { BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import type { StoredLog } from '../../../shared/log/formats/stored-log.ts';
import { logMatcher } from '../../../shared/query/log-filter.ts';
import { SECOND } from '../../../shared/time.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { bulkyLogs, freshHour, log } from '../../fixtures/identified-logs.ts';
import { type Intercept, sortKeyOf } from '../../fixtures/intercepted-client.ts';

const freshFeed = feedMaker();
let feed: Feed;
beforeEach(async () => {
  feed = await freshFeed();
});

const logsOf = (...ids: string[]) => ids.map((id) => log(START, id));
const builderLogs = (...ids: string[]) => ids.map((id) => log(START, id, { application: 'builder' }));
const count = (length: number, name = 'id') => Array.from({ length }, (_, i) => `${name}-${i}`);

/** Follows the feed to its end. @returns the ids of each answer */
async function follow(request: Parameters<Feed['read']>[0] = {}): Promise<string[][]> {
  const answers: string[][] = [];
  for (let cursor: string | undefined = request?.cursor; ; ) {
    const answer = await feed.read({ ...request, ...(cursor !== undefined && { cursor }) });
    answers.push(answer.ids);
    cursor = answer.cursor;
    if (!answer.hasMore) return answers;
  }
}

describe('following the feed', () => {
  test.each([1, 2, 3, 7, 1000])(
    'shows each log once, in answers of %i, and says exactly whether there is more',
    async (limit) => {
      const written: string[] = [];
      for (const [i, size] of [3, 1, 5, 2, 4].entries()) {
        const ids = count(size, `batch-${i}`);
        feed.clock.now += SECOND;
        // A copy of the batch before comes with each batch: its log is there already.
        await feed.write(logsOf(...written.slice(-1), ...ids), { shard: i % 4 });
        written.push(...ids);
      }
      const answers = await follow({ limit });
      expect(answers.flat().toSorted()).toEqual(written.toSorted());
      // Each is full but the last, which is not empty: nothing was promised that was not there.
      for (const answer of answers.slice(0, -1)) expect(answer.length).toBe(limit);
      expect(answers.at(-1)?.length).toBeGreaterThan(0);
    },
  );

  test('shows the stored log, with its id and the time of storing', async () => {
    await feed.write(logsOf('a'));
    const [shown] = (await feed.read()).logs;
    const [{ log: stored }] = logsOf('a') as [ReturnType<typeof log>];
    const event = { id: 'a', created: new Date(START).toISOString(), ...stored.event };
    expect(JSON.parse(String(shown))).toEqual({ ...stored, event });
  });

  test('begins before the first log as well: what comes later is behind the cursor', async () => {
    const { cursor, ids, hasMore } = await feed.read();
    expect([ids, hasMore]).toEqual([[], false]);
    await feed.write(logsOf('a', 'b'));
    expect(await follow({ cursor })).toEqual([['a', 'b']]);
  });

  test('goes on with what was stored meanwhile, in old and in new shards', async () => {
    await feed.write(logsOf('a'), { shard: 2 });
    const { cursor } = await feed.read();
    await feed.write(logsOf('b'), { shard: 2 });
    await feed.write(logsOf('c'), { shard: 3 });
    expect((await follow({ cursor })).flat().toSorted()).toEqual(['b', 'c']);
  });

  test('asks only for the head where nothing is new', async () => {
    for (const shard of [0, 1, 2, 3]) await feed.write(logsOf(`of ${shard}`), { shard });
    const { cursor } = await feed.read();
    const asked: string[] = [];
    const listening: Intercept = (command, pass) => {
      asked.push(command.constructor.name);
      return pass();
    };
    const idle = await feed.read({ cursor }, { intercept: listening });
    expect([idle.ids, idle.hasMore, asked]).toEqual([[], false, ['GetItemCommand']]);
  });

  test('may take an answer again with the cursor of before', async () => {
    await feed.write(logsOf(...count(6)));
    const first = await feed.read({ limit: 4 });
    const again = () => feed.read({ limit: 1000, cursor: first.cursor });
    expect((await again()).ids).toEqual(['id-4', 'id-5']);
    expect((await again()).ids).toEqual(['id-4', 'id-5']);
  });

  test('shows the logs of one application, and goes past the others', async () => {
    await feed.write([...builderLogs('b1'), ...logsOf('p1', 'p2'), ...builderLogs('b2')]);
    await feed.write(logsOf('p3'));
    const applications = ['builder'] as const;
    const answer = await feed.read({ applications, limit: 1 });
    expect([answer.ids, answer.hasMore]).toEqual([['b1'], true]);
    expect((await follow({ applications, cursor: answer.cursor })).flat()).toEqual(['b2']);
    // The same cursor serves any choice.
    expect((await follow({ cursor: answer.cursor })).flat()).toEqual(['p1', 'p2', 'b2', 'p3']);
  });

  test('shows the logs that match, and goes past the others', async () => {
    await feed.write(logsOf('a', 'b', 'a2'));
    const matches = logMatcher({ rid: 'b' });
    const { ids, hasMore, logs } = await feed.read({ matches });
    expect([ids, hasMore]).toEqual([['b'], false]);
    expect(logs).toEqual((await feed.read()).logs.slice(1, 2));
    expect((await follow({ matches: logMatcher({ rid: 'c' }) })).flat()).toEqual([]);
  });

  test('gives a format of its own the log as it is stored, its id and the time of storing', async () => {
    await feed.write(logsOf('a'));
    const [{ log: stored }] = logsOf('a') as [ReturnType<typeof log>];
    const write = ({ id, json, createdAt }: StoredLog): Buffer =>
      Buffer.from(JSON.stringify({ event: { id }, createdAt, log: JSON.parse(json.toString()) }));
    const [shown] = (await feed.read({ write, matches: logMatcher({ rid: 'a' }) })).logs;
    expect(JSON.parse(String(shown))).toEqual({ event: { id: 'a' }, createdAt: START, log: stored });
  });

  test('keeps an answer under so many bytes, but for a first log that is larger', async () => {
    const ids = count(9);
    await feed.write(ids.map((id, i) => log(START, id, {}, 'x'.repeat(i * 100))));
    const sizes = (await feed.read()).logs.map(({ length }) => length);
    const maxBytes = (sizes[4] as number) + 1;
    const answers: string[][] = [];
    for (let cursor: string | undefined; ; ) {
      const answer = await feed.read({ maxBytes, ...(cursor !== undefined && { cursor }) });
      expect(answer.bytes).toBe(answer.logs.reduce((sum, { length }) => sum + length, 0));
      if (answer.logs.length > 1) expect(answer.bytes).toBeLessThanOrEqual(maxBytes);
      answers.push(answer.ids);
      cursor = answer.cursor;
      if (!answer.hasMore) break;
    }
    expect(answers.flat()).toEqual(ids);
    expect(answers.length).toBeGreaterThan(5);
  });

  test('does bounded work where slots have nothing to show: it moves on with the next request', async () => {
    await feed.write(logsOf('a'));
    for (let i = 0; i < 30; i++) await feed.write(logsOf('a'));
    await feed.write(logsOf('b'));
    let queries = 0;
    const counting: Intercept = (command, pass) => {
      if (command.constructor.name === 'QueryCommand') queries += 1;
      return pass();
    };
    const { cursor, ids } = await feed.read({ limit: 1, readUntil: 0 });
    expect(ids).toEqual(['a']);
    const answer = await feed.read({ cursor, limit: 1, readUntil: 0 }, { intercept: counting });
    expect(queries).toBeLessThanOrEqual(2);
    expect([answer.ids, answer.hasMore]).toEqual([[], true]);
    let left = answer;
    for (let i = 0; i < 40 && left.ids.length === 0; i++)
      left = await feed.read({ cursor: left.cursor, limit: 1, readUntil: 0 });
    expect([left.ids, left.hasMore]).toEqual([['b'], false]);
  });
});

describe('beginning to read', () => {
  beforeEach(async () => {
    for (const [i, id] of ['a', 'b', 'c', 'd', 'e'].entries()) {
      feed.clock.now = START + i * 600 * SECOND;
      await feed.write(logsOf(id), { shard: i % 2 });
    }
  });
  const since = (after: number) => follow({ start: { kind: 'since', since: START + after * SECOND } });

  test('from a time: what was stored at or after it', async () => {
    expect((await since(0)).flat().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect((await since(600)).flat().toSorted()).toEqual(['b', 'c', 'd', 'e']);
    expect((await since(600.001)).flat().toSorted()).toEqual(['c', 'd', 'e']);
    expect((await since(2400.001)).flat()).toEqual([]);
  });

  test('from a time that is to come: what is stored then', async () => {
    const first = await feed.read({ start: { kind: 'since', since: feed.clock.now + 60 * SECOND } });
    expect([first.ids, first.hasMore]).toEqual([[], false]);
    feed.clock.now += 59 * SECOND;
    await feed.write(logsOf('early'));
    feed.clock.now += SECOND;
    await feed.write(logsOf('in time'));
    expect(await follow({ cursor: first.cursor })).toEqual([['in time']]);
  });

  test('from now: nothing of what is sealed', async () => {
    const { ids, cursor, hasMore } = await feed.read({ start: { kind: 'now' } });
    expect([ids, hasMore]).toEqual([[], false]);
    await feed.write(logsOf('new'), { shard: 3 });
    expect(await follow({ cursor })).toEqual([['new']]);
  });

  test('from the oldest: everything', async () => {
    expect((await follow({ limit: 2 })).flat().toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});

describe('a batch', () => {
  test('with copies shows each log once, and never puts one key twice in a request', async () => {
    const requests: string[][] = [];
    const listening: Intercept = (command, pass) => {
      if (command instanceof BatchExecuteStatementCommand)
        requests.push((command.input.Statements ?? []).map(sortKeyOf));
      return pass();
    };
    const ids = Array.from({ length: 60 }, (_, i) => `id-${i % 17}`);
    const kinds = await feed.write(logsOf(...ids), { intercept: listening });
    expect(kinds).toEqual(ids.map((_, i) => (i < 17 ? 'stored' : 'found')));
    expect((await feed.read()).ids).toEqual(ids.slice(0, 17));
    for (const keys of requests) expect(new Set(keys).size).toBe(keys.length);
  });

  test('that is too large for an item is cut into several slots, and shown whole', async () => {
    const large = bulkyLogs(freshHour(), 12);
    expect(new Set(await feed.write(large))).toEqual(new Set(['stored']));
    const { slots } = await feed.table.readSlots(0, 0, 50, { consistent: true });
    expect(slots.length).toBeGreaterThanOrEqual(3);
    expect((await follow({ limit: 5 })).flat().toSorted()).toEqual(large.map(({ id }) => id).toSorted());
  });

  test('without logs stores nothing', async () => {
    expect(await feed.write([])).toEqual([]);
    expect(await feed.table.readHead({ consistent: true })).toBeUndefined();
  });
});
