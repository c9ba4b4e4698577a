import type { IdentifiedLog } from '../event/security-event.ts';
import { decodeDocument, encodeDocument } from '../log/document-codec.ts';
import { packUuids } from '../log/uuid-packing.ts';
import { logKey } from '../store/log-key.ts';
import { HOUR } from '../time.ts';
import {
  type FeedTable,
  type FoundItem,
  type Intent,
  type LogItem,
  type OpenFeedTable,
  type PutOutcome,
  type SlotName,
  slotText,
} from './feed-table.ts';
import { encodeIntent, type IntentLog, mostIntentBytes } from './intent-codec.ts';
import { changedLifetimes, currentLifetime, LOG_MARGIN, readableUntil, SLOT_MARGIN } from './lifetimes.ts';
import { encodeSeal } from './seal-codec.ts';

/**
 * Stores a batch of logs, each once, and each in one slot of the feed. The steps are those of
 * docs/feed.md#storing-a-batch; their order is what makes the feed complete.
 */

/** How many shards of the feed batches are written to. Readers read every shard that the head has. */
export const FEED_SHARDS = 4;
/** How many slots a batch tries before it fails. */
const SLOT_ATTEMPTS = 3;
/** An intent is one item: DynamoDB allows 400 KB, its key and other attributes included. */
const MOST_INTENT_BYTES = 390_000;

/** The outcome of storing a log. `log` is the canonical JSON of the log in the store. */
export type Put =
  | { readonly kind: 'stored'; readonly log: string }
  /** The log was there already, with this `createdAt` (epoch milliseconds). `expired`: its lifetime has passed. */
  | { readonly kind: 'found'; readonly log: string; readonly createdAt: number; readonly expired: boolean }
  /** The log may be in the store or not. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** A batch that is being stored. Nothing here rejects. */
export interface StoringBatch {
  /** The outcome of each log, in order, each as soon as it is known. */
  readonly puts: readonly Promise<Put>[];
  /** Resolves when no request is running any more. Until then the process must not be frozen. */
  readonly finished: Promise<void>;
}

export interface WriteOptions {
  readonly openTable: OpenFeedTable;
  /** How long a log can be read after it was stored, hours. */
  readonly retentionHours: number;
  /** From 0 (inclusive) to 1 (exclusive), uniform. */
  readonly random: () => number;
  /** A new name, different from every other. */
  readonly uniqueName: () => string;
}

/** @returns a function that stores logs at the instant `at` (epoch milliseconds), until `signal` aborts */
export function batchWriter(options: WriteOptions) {
  return (logs: readonly IdentifiedLog[], at: number, signal: AbortSignal): StoringBatch => {
    const { entries, puts } = prepare(logs, at);
    const table = options.openTable(signal);
    const parts = cut(entries).map((part) => storePart(options, table, part, at));
    return { puts, finished: Promise.all(parts).then(() => undefined) };
  };
}

/** A log of the batch whose key no other log of the batch has. */
interface Entry {
  readonly intentLog: IntentLog;
  readonly item: Omit<LogItem, 'expiresAt' | 'slot'>;
  settle(put: Put): void;
}

/** Step 1: completes every log first, so that no put fails because of its content, and groups copies by their key. */
function prepare(logs: readonly IdentifiedLog[], at: number) {
  const firsts = new Map<string, Promise<Put>>();
  const entries: Entry[] = [];
  const puts = logs.map((log) => {
    const { partitionKey, sortKey } = logKey(log.application, log.timestamp, log.id);
    const key = `${partitionKey} ${sortKey}`;
    const first = firsts.get(key);
    if (first) return first.then((put) => asCopy(put, at));
    const { promise, resolve } = Promise.withResolvers<Put>();
    firsts.set(key, promise);
    entries.push({ ...encode(log, at), settle: resolve });
    return promise;
  });
  return { entries, puts };
}

const asCopy = (put: Put, at: number): Put =>
  put.kind === 'stored' ? { kind: 'found', log: put.log, createdAt: at, expired: false } : put;

function encode({ application, timestamp, id, publisherAccount, log }: IdentifiedLog, at: number) {
  const json = JSON.stringify(log);
  const packed = packUuids(json);
  return {
    intentLog: { application, id, json, packed },
    item: {
      application,
      timestamp,
      id,
      document: encodeDocument(json, packed),
      action: log.event.action,
      rid: log.label.rid,
      publisherAccount,
      createdAt: at,
    },
  };
}

/** Cuts a batch into parts whose intents fit in an item, whatever the logs have in them. */
function cut(entries: readonly Entry[]): Entry[][] {
  const parts: Entry[][] = [];
  let room = 0;
  for (const entry of entries) {
    const bytes = mostIntentBytes(Buffer.byteLength(entry.intentLog.json));
    if (bytes > room) {
      parts.push([]);
      room = MOST_INTENT_BYTES;
    }
    parts.at(-1)?.push(entry);
    room -= bytes;
  }
  return parts;
}

async function storePart(options: WriteOptions, table: FeedTable, entries: readonly Entry[], at: number) {
  try {
    const slot = await claimSlot(options, table, encodeIntent(entries.map(({ intentLog }) => intentLog)), at);
    const items = entries.map(({ item }) => item);
    const placings = putInSlot(table, slot, items).map(async (placing, i) => {
      const entry = entries[i] as Entry;
      const placed = await placing;
      entry.settle(putOf(placed, entry, at, options.retentionHours * HOUR));
      return placed;
    });
    await seal(table, slot, await Promise.all(placings));
  } catch (error) {
    for (const { settle } of entries) settle({ kind: 'failed', error });
  }
}

/** A slot, and until when what belongs to it is kept. */
export interface OwnedSlot {
  readonly name: SlotName;
  /** The lifetime under which it is written, milliseconds. */
  readonly lifetime: number;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * Steps 2 and 3: takes a number, and writes the intent there. A slot that is void, or whose put has an unknown outcome,
 * is left alone: the next number is taken.
 *
 * @throws Error if that fails three times: nothing was stored
 */
async function claimSlot(
  options: WriteOptions,
  table: FeedTable,
  logs: Buffer,
  at: number,
): Promise<OwnedSlot> {
  const nonce = options.uniqueName();
  let cause: unknown;
  for (let attempt = 0; attempt < SLOT_ATTEMPTS; attempt++) {
    try {
      const { name, lifetime } = await allocate(options, table, at);
      const intent: Intent = { kind: 'intent', nonce, at, logs };
      const found = await table.putContent(name, intent, at + lifetime + SLOT_MARGIN);
      // The client may have sent the put twice, and found its own.
      if (found === undefined || (found.kind === 'intent' && found.nonce === nonce))
        return { name, lifetime, at };
      cause = new Error(`slot ${slotText(name)} is taken (${found.kind})`);
    } catch (error) {
      cause = error;
    }
  }
  throw new Error(`no slot after ${SLOT_ATTEMPTS} attempts`, { cause });
}

/** Step 2. A changed setting of the lifetime is noted in the head before anything is written under it. */
async function allocate({ retentionHours, random, uniqueName }: WriteOptions, table: FeedTable, at: number) {
  const shard = Math.floor(random() * FEED_SHARDS);
  const lifetimes = [{ since: at, hours: retentionHours }];
  const head = await table.allocate(shard, { epoch: uniqueName(), lifetimes });
  const changed = changedLifetimes(head.lifetimes, retentionHours, at);
  const isNoted = changed !== undefined && (await table.replaceLifetimes(head.lifetimes, changed));
  const inForce = isNoted ? changed : head.lifetimes;
  return { name: { shard, number: head.numbers.get(shard) as number }, lifetime: currentLifetime(inForce) };
}

/** Where a log is: in this slot, in another one (or in none, if it is older than the feed), or nobody knows. */
export type Placing =
  | { readonly kind: 'member' }
  | ({ readonly kind: 'elsewhere' } & Omit<FoundItem, 'slot'>)
  | { readonly kind: 'unknown'; readonly error: unknown };

/**
 * Step 4: puts the logs with their slot. The put of a log decides alone whether the log is in this slot: it is if and
 * only if its item says so, whoever wrote it.
 *
 * @returns the place of each log, in order; none of them rejects
 */
export const putInSlot = (
  table: FeedTable,
  { name, lifetime, at }: OwnedSlot,
  logs: readonly Omit<LogItem, 'expiresAt' | 'slot'>[],
): Promise<Placing>[] => {
  const slot = slotText(name);
  const expiresAt = at + lifetime + LOG_MARGIN;
  return table.putLogs(logs.map((log) => ({ ...log, expiresAt, slot }))).map(async (outcome) => {
    return placing(await outcome, slot);
  });
};

function placing(outcome: PutOutcome, slot: string): Placing {
  switch (outcome.kind) {
    case 'stored':
      return { kind: 'member' };
    case 'found':
      return outcome.item.slot === slot ? { kind: 'member' } : { kind: 'elsewhere', ...outcome.item };
    case 'unknown':
      return outcome;
  }
}

/**
 * Step 5: seals the slot with its members. With an unknown outcome the slot stays open, and resolving decides. If the seal
 * itself fails, resolving seals the slot; the logs are stored in any case.
 */
async function seal(table: FeedTable, { name, lifetime, at }: OwnedSlot, placings: readonly Placing[]) {
  if (placings.some(({ kind }) => kind === 'unknown')) return;
  const members = encodeSeal(placings.map(({ kind }) => kind === 'member'));
  await table.putSeal(name, members, at + lifetime + SLOT_MARGIN).catch(() => undefined);
}

function putOf(placed: Placing, { intentLog }: Entry, at: number, lifetime: number): Put {
  if (placed.kind === 'member') return { kind: 'stored', log: intentLog.json };
  if (placed.kind === 'unknown') return { kind: 'failed', error: placed.error };
  const { document, createdAt, expiresAt } = placed;
  try {
    const log = decodeDocument(document).toString();
    const expired = createdAt <= at - lifetime || readableUntil(expiresAt) <= at;
    return { kind: 'found', log, createdAt, expired };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
