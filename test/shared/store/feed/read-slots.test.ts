import { randomBytes } from 'node:crypto';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UnknownFeedVersion } from '../../../../shared/feed/feed-errors.ts';
import type { FeedTable, Slot } from '../../../../shared/feed/feed-table.ts';
import { dynamoDbFeedTable } from '../../../../shared/store/feed/dynamodb-feed-table.ts';
import { HOUR } from '../../../../shared/time.ts';
import { startEmbeddedTable, TABLE_NAME } from '../../../fixtures/embedded-table.ts';

const NOW = Date.UTC(2026, 10, 22, 12);

let embedded: Awaited<ReturnType<typeof startEmbeddedTable>>;
let table: FeedTable;
beforeAll(async () => {
  embedded = await startEmbeddedTable();
  const { signal } = new AbortController();
  table = dynamoDbFeedTable({ client: embedded.client, tableName: TABLE_NAME })(signal);
});
afterAll(() => embedded.close());

/** Each test has a shard of its own. */
let shards = 0;

type Kind = 'void' | 'open' | 'sealed' | 'absent' | 'seal alone';
const KINDS: readonly Kind[] = ['void', 'open', 'sealed', 'absent', 'seal alone'];

/** Fills a shard with slots of these kinds, from number 1. */
async function shardOf(kinds: readonly Kind[], logs = Buffer.from('logs')): Promise<number> {
  const shard = shards++;
  await Promise.all(
    kinds.map(async (kind, i) => {
      const name = { shard, number: i + 1 };
      const at = NOW + i;
      if (kind === 'void') await table.putContent(name, { kind, at }, NOW + HOUR);
      if (kind === 'open' || kind === 'sealed')
        await table.putContent(name, { kind: 'intent', at, nonce: `n${i}`, logs }, NOW + HOUR);
      if (kind === 'sealed' || kind === 'seal alone')
        await table.putSeal(name, Buffer.from('seal'), NOW + HOUR);
    }),
  );
  return shard;
}

const kindOf = ({ content, seal }: Slot): Kind | undefined => {
  if (content === undefined) return 'seal alone';
  if (content.kind === 'void') return 'void';
  return seal === undefined ? 'open' : 'sealed';
};

/** Reads a shard to its end. @returns the kind of each slot, by its number, and how many reads it took */
async function readAll(shard: number, limit: number) {
  const kinds = new Map<number, Kind | undefined>();
  let [after, reads] = [0, 0];
  for (;;) {
    const { slots, isEnd } = await table.readSlots(shard, after, limit, { consistent: false });
    reads += 1;
    for (const slot of slots) {
      expect(slot.number, 'in order').toBeGreaterThan(after);
      after = slot.number;
      kinds.set(slot.number, kindOf(slot));
    }
    if (isEnd) return { kinds, reads };
    expect(slots.length, 'moves on').toBeGreaterThan(0);
  }
}

const expected = (kinds: readonly Kind[]) =>
  new Map(kinds.map((kind, i) => [i + 1, kind] as const).filter(([, kind]) => kind !== 'absent'));

describe('reading slots', () => {
  test('gives each slot whole, in order, wherever the reads are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...KINDS), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (kinds, limit) => {
          const shard = await shardOf(kinds);
          expect((await readAll(shard, limit)).kinds).toEqual(expected(kinds));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('does not take an intent for open whose seal is behind the end of a read', async () => {
    const shard = await shardOf(['void', 'sealed']);
    const first = await table.readSlots(shard, 0, 1, { consistent: true });
    expect(first.slots.map(kindOf)).toEqual(['void']);
    expect(first.isEnd).toBe(false);
    const second = await table.readSlots(shard, 1, 1, { consistent: true });
    expect(second.slots.map(kindOf)).toEqual(['sealed']);
  });

  test('reads on after the 1 MB of a page, with no slot cut in two', async () => {
    const kinds: readonly Kind[] = Array.from({ length: 9 }, (_, i) => (i === 5 ? 'open' : 'sealed'));
    const shard = await shardOf(kinds, randomBytes(350_000));
    const { kinds: found, reads } = await readAll(shard, 100);
    expect(found).toEqual(expected(kinds));
    expect(reads).toBeGreaterThan(2);
  });

  test('begins after a slot, also one that is not there, and knows no other shard', async () => {
    const shard = await shardOf(['sealed', 'void', 'absent', 'sealed']);
    await shardOf(['sealed']);
    const numbersAfter = async (after: number) =>
      (await table.readSlots(shard, after, 10, { consistent: true })).slots.map(({ number }) => number);
    expect(await numbersAfter(1)).toEqual([2, 4]);
    expect(await numbersAfter(3)).toEqual([4]);
    expect(await numbersAfter(4)).toEqual([]);
  });

  test('keeps the order of numbers of any length', async () => {
    const shard = shards++;
    const numbers = [9, 10, 99, 100, 999_999, 1_000_000, 123_456_789_012_345];
    for (const number of numbers)
      await table.putContent({ shard, number }, { kind: 'void', at: NOW }, NOW + HOUR);
    const { slots } = await table.readSlots(shard, 0, 10, { consistent: true });
    expect(slots.map(({ number }) => number)).toEqual(numbers);
  });
});

describe('a slot that is not as this release writes it', () => {
  /** A sealed slot one of whose items was changed; `undefined` takes the attribute away. */
  async function tampered(part: '#0' | '#1', attribute: string, value: unknown) {
    const shard = await shardOf(['sealed', 'sealed']);
    await embedded.client.send(
      new UpdateCommand({
        TableName: TABLE_NAME,
        Key: { pk: `feed#${shard}`, sk: `000000000000001${part}` },
        UpdateExpression: value === undefined ? 'REMOVE #a' : 'SET #a = :value',
        ExpressionAttributeNames: { '#a': attribute },
        ...(value !== undefined && { ExpressionAttributeValues: { ':value': value } }),
      }),
    );
    return table.readSlots(shard, 0, 10, { consistent: true });
  }

  test.each(['#0', '#1'] as const)('is not read if a later release wrote it (%s)', async (part) => {
    await expect(tampered(part, 'v', 2)).rejects.toThrow(UnknownFeedVersion);
    await expect(tampered(part, 'v', 2)).rejects.toThrow(`(000000000000001${part}) of version 2`);
  });

  test.each([
    ['v', undefined, NOW],
    ['v', 0, NOW],
    ['v', '1', NOW],
    ['createdAt', undefined, undefined],
    ['createdAt', 'yesterday', undefined],
    ['nonce', undefined, NOW],
    ['nonce', 7, NOW],
    ['intent', undefined, NOW],
    ['intent', 'text', NOW],
  ])(
    'is damaged if its content has another form (%s: %s), and those after it are not',
    async (attribute, value, at) => {
      const { slots } = await tampered('#0', attribute, value);
      expect(slots.map(({ number, content }) => [number, content?.kind])).toEqual([
        [1, 'damaged'],
        [2, 'intent'],
      ]);
      expect(slots[0]?.content).toEqual({ kind: 'damaged', at });
    },
  );

  test.each([
    ['v', undefined],
    ['seal', undefined],
    ['seal', 'text'],
  ])(
    'has a seal that no intent agrees with if the seal has another form (%s: %s)',
    async (attribute, value) => {
      const { slots } = await tampered('#1', attribute, value);
      expect(slots[0]?.seal).toEqual(Buffer.alloc(0));
      expect(slots[1]?.seal).toEqual(Buffer.from('seal'));
    },
  );

  test('has no expiry if that is not a number', async () => {
    const { slots } = await tampered('#0', 'expiresAt', undefined);
    expect(slots.map(({ expiresAt }) => expiresAt)).toEqual([undefined, NOW + HOUR]);
  });
});
