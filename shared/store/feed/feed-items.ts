import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { UnknownFeedVersion } from '../../feed/feed-errors.ts';
import type { Head, Intent, Slot, SlotContent, SlotName, Void } from '../../feed/feed-table.ts';
import type { Lifetime } from '../../feed/lifetimes.ts';
import { FIRST_INSTANT, isBetween, LAST_INSTANT, SECOND } from '../../time.ts';
import { FEED_PARTITIONS, LOG_TABLE } from '../log-table.ts';

/**
 * The feed's items in the log table (docs/feed.md#storage): the head; and for each slot, under `feed#2` (the shard), its
 * intent or void as `000000000000123#0`, and its seal as `000000000000123#1`. So one query reads a shard in order.
 */

export type Item = Readonly<Record<string, AttributeValue>>;

/** The attributes that only the feed's items have. A log's `doc` is not among them: none of these items is a log. */
export const FEED_ITEM = {
  version: 'v',
  nonce: 'nonce',
  intent: 'intent',
  seal: 'seal',
  epoch: 'epoch',
  lifetimes: 'lifetimes',
} as const;

const VERSION = 1;
export const VERSION_VALUE: AttributeValue = { N: String(VERSION) };

export const HEAD_KEY: Item = {
  [LOG_TABLE.partitionKey]: { S: `${FEED_PARTITIONS}head` },
  [LOG_TABLE.sortKey]: { S: 'head' },
};

/** The head's attribute with the last allocated number of a shard, and the one up to which its slots are settled. */
export const numberAttribute = (shard: number): string => `q${shard}`;
export const settledAttribute = (shard: number): string => `s${shard}`;
const SHARD_ATTRIBUTE = /^(?<kind>[qs])(?<shard>\d+)$/;

export const shardKey = (shard: number): AttributeValue => ({ S: `${FEED_PARTITIONS}${shard}` });

const NUMBER_DIGITS = 15;
const CONTENT = '#0';
const SEAL = '#1';
const digits = (number: number): string => String(number).padStart(NUMBER_DIGITS, '0');

/** The sort key that comes after every item of the slot, and before every later slot. */
export const afterSlot = (number: number): AttributeValue => ({ S: `${digits(number)}#~` });

const slotKey = ({ shard, number }: SlotName, part: string): Item => ({
  [LOG_TABLE.partitionKey]: shardKey(shard),
  [LOG_TABLE.sortKey]: { S: `${digits(number)}${part}` },
});

/** @param expiresAt epoch milliseconds, here and below */
export const contentItem = (name: SlotName, content: Intent | Void, expiresAt: number): Item => ({
  ...slotKey(name, CONTENT),
  [FEED_ITEM.version]: VERSION_VALUE,
  [LOG_TABLE.createdAt]: { N: String(content.at) },
  [LOG_TABLE.expiresAt]: { N: String(toSeconds(expiresAt)) },
  ...(content.kind === 'intent' && {
    [FEED_ITEM.nonce]: { S: content.nonce },
    [FEED_ITEM.intent]: { B: content.logs },
  }),
});

export const sealItem = (name: SlotName, seal: Buffer, expiresAt: number): Item => ({
  ...slotKey(name, SEAL),
  [FEED_ITEM.version]: VERSION_VALUE,
  [LOG_TABLE.expiresAt]: { N: String(toSeconds(expiresAt)) },
  [FEED_ITEM.seal]: { B: seal },
});

/** Epoch seconds, as the table's TTL attribute has them. */
export const toSeconds = (instant: number): number => Math.ceil(instant / SECOND);

/** @throws UnknownFeedVersion */
export function contentOf(item: Item): SlotContent {
  const at = instantOf(item[LOG_TABLE.createdAt]);
  if (!isKnown(item) || at === undefined) return { kind: 'damaged', at };
  const { [FEED_ITEM.intent]: intent, [FEED_ITEM.nonce]: nonce } = item;
  if (intent === undefined && nonce === undefined) return { kind: 'void', at };
  if (intent?.B === undefined || nonce?.S === undefined) return { kind: 'damaged', at };
  return { kind: 'intent', at, nonce: nonce.S, logs: intent.B as Buffer };
}

/**
 * @param items in the order of their sort keys
 * @throws UnknownFeedVersion
 */
export function slotsOf(items: readonly Item[]): Slot[] {
  const slots: Slot[] = [];
  for (const item of items) {
    const sortKey = item[LOG_TABLE.sortKey]?.S ?? '';
    const number = Number(sortKey.slice(0, NUMBER_DIGITS));
    const last = slots.at(-1);
    const slot = last?.number === number ? last : { number, ...NOTHING };
    if (slot === last) slots.pop();
    slots.push(
      sortKey.endsWith(SEAL) ? { ...slot, seal: sealOf(item) } : { ...slot, ...contentOfSlot(item) },
    );
  }
  return slots;
}

const NOTHING = { content: undefined, seal: undefined, expiresAt: undefined };

function contentOfSlot(item: Item): Pick<Slot, 'content' | 'expiresAt'> {
  const seconds = numberOf(item[LOG_TABLE.expiresAt]);
  return { content: contentOf(item), expiresAt: seconds === undefined ? undefined : seconds * SECOND };
}

/** A damaged seal has no bytes, which no intent agrees with. */
const sealOf = (item: Item): Buffer =>
  isKnown(item) ? ((item[FEED_ITEM.seal]?.B as Buffer | undefined) ?? Buffer.alloc(0)) : Buffer.alloc(0);

const lifetimesSchema = z.array(z.object({ since: z.number(), hours: z.number() }));

export const lifetimesText = (lifetimes: readonly Lifetime[]): string => JSON.stringify(lifetimes);

/** @throws UnknownFeedVersion, and Error if the head is damaged */
export function headOf(item: Item): Head {
  if (!isKnown(item)) throw new Error('the head of the feed has no version');
  const numbers = new Map<number, number>();
  const settled = new Map<number, number>();
  for (const [name, value] of Object.entries(item)) {
    const { kind, shard } = SHARD_ATTRIBUTE.exec(name)?.groups ?? {};
    if (shard !== undefined) (kind === 'q' ? numbers : settled).set(Number(shard), numberOf(value) ?? 0);
  }
  return {
    epoch: item[FEED_ITEM.epoch]?.S ?? '',
    numbers,
    settled,
    lifetimes: lifetimesSchema.parse(JSON.parse(item[FEED_ITEM.lifetimes]?.S ?? '')),
  };
}

/** @throws UnknownFeedVersion if a later release wrote the item */
function isKnown(item: Item): boolean {
  const version = numberOf(item[FEED_ITEM.version]);
  if (version !== undefined && version > VERSION)
    throw new UnknownFeedVersion(item[LOG_TABLE.sortKey]?.S ?? '', version, VERSION);
  return version === VERSION;
}

/** @returns undefined if the attribute is no instant in epoch milliseconds that can be written as a time */
function instantOf(value: AttributeValue | undefined): number | undefined {
  const instant = numberOf(value);
  return Number.isInteger(instant) && isBetween(FIRST_INSTANT, instant, LAST_INSTANT) ? instant : undefined;
}

const numberOf = (value: AttributeValue | undefined): number | undefined =>
  value?.N === undefined ? undefined : Number(value.N);
