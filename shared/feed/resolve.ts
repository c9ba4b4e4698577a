import type { Application } from '../event/bus-events.ts';
import { encodeDocument } from '../log/document-codec.ts';
import type { SecurityLog } from '../log/security-log.ts';
import { SECOND } from '../time.ts';
import { GAP_PATIENCE, SEAL_PATIENCE } from './clocks.ts';
import { FeedItemDamaged } from './feed-errors.ts';
import type { FeedTable, Head, Intent, OpenFeedTable, Slot, SlotName } from './feed-table.ts';
import { isFinished } from './find-position.ts';
import { decodeIntent } from './intent-codec.ts';
import { leastLifetime, mayHaveExpired, SLOT_MARGIN } from './lifetimes.ts';
import type { ResolveRequest } from './resolve-request.ts';
import { encodeSeal } from './seal-codec.ts';
import { type OwnedSlot, putInSlot } from './write-batch.ts';

/**
 * Finishes slots whose writer did not: it crashed, or the answers to its requests were lost. Ingest runs it, for a slot
 * that a reader waits for, and each minute for all (docs/feed.md#resolving). It may run at any time, any number of
 * times, and side by side with the writer.
 */

/** A log that resolving found in its slot, or put there. */
export interface ResolvedLog {
  readonly application: Application;
  /** `@timestamp` in epoch milliseconds. */
  readonly timestamp: number;
  /** `event.id`. */
  readonly id: string;
  /** Its canonical JSON. */
  readonly json: string;
}

export interface ResolveOptions {
  readonly openTable: OpenFeedTable;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Announces stored logs; rejects unless each announcement is confirmed. */
  readonly announce: (logs: readonly ResolvedLog[]) => Promise<void>;
}

/** What one request did, and what it left. */
export interface ResolveReport {
  rolledForward: number;
  voided: number;
  damaged: number;
  /** Only of a request for all slots: how many are not finished, */
  openSlots?: number;
  /** and how long ago the oldest slot that waits was stored, seconds. */
  openSlotAge?: number;
}

/** Something stays undone: the same request has to be made again. `report` says what was done, and what is left. */
export class ResolvingIncomplete extends Error {
  override readonly name = 'ResolvingIncomplete';
  readonly report: ResolveReport;

  constructor(report: ResolveReport, cause: unknown) {
    super('slots could not be resolved', { cause });
    this.report = report;
  }
}

/**
 * @returns a function that resolves. It rejects with ResolvingIncomplete if something could not be done, or with what
 *   failed if that was reading the head
 */
export function feedResolver(options: ResolveOptions) {
  return async (request: ResolveRequest, signal: AbortSignal): Promise<ResolveReport> => {
    const table = options.openTable(signal);
    const report: ResolveReport = { rolledForward: 0, voided: 0, damaged: 0 };
    const head = await table.readHead({ consistent: true });
    if (head === undefined)
      return request.kind === 'all' ? { ...report, openSlots: 0, openSlotAge: 0 } : report;
    const walk = shardWalk({ ...options, table, head, report });
    if (request.kind === 'slot') {
      const { error } = await walk(request.shard, request.number - 1, SLOTS_OF_A_REQUEST);
      if (error) throw new ResolvingIncomplete(report, error);
      return report;
    }
    // One shard that fails does not stop the others.
    const shards = [...head.numbers.keys()];
    const walks = await Promise.all(shards.map((shard) => resolveShard(table, head, shard, walk)));
    report.openSlots = walks.reduce((open, { left }) => open + left, 0);
    report.openSlotAge = Math.max(0, ...walks.map(({ age }) => age)) / SECOND;
    const failed = walks.find(({ error }) => error !== undefined);
    if (failed) throw new ResolvingIncomplete(report, failed.error);
    return report;
  };
}

type Walk = ReturnType<typeof shardWalk>;

async function resolveShard(table: FeedTable, head: Head, shard: number, walk: Walk) {
  const settled = head.settled.get(shard) ?? 0;
  const last = head.numbers.get(shard) ?? 0;
  if (settled >= last) return { left: 0, age: 0 };
  const { number, age, error } = await walk(shard, settled, Number.POSITIVE_INFINITY);
  // If the note fails, the next request notes it.
  if (number > settled) await table.noteSettled(shard, number).catch(() => undefined);
  return { left: Math.max(0, last - number), age, error };
}

/** Slots a read. */
const SLOTS_READ = 50;
/** A crash often leaves several slots behind each other, and a reader asks for the first that it meets. */
const SLOTS_OF_A_REQUEST = 10;

/** How far a walk came. */
interface Walked {
  /** The last number that is settled now. */
  readonly number: number;
  /** How long ago the slot that waits was stored, milliseconds; 0 if none waits. */
  readonly age: number;
  /** Why that slot waits, if something failed. */
  readonly error?: unknown;
}

/** What one request works with. */
interface Work extends Pick<ResolveOptions, 'now' | 'announce'> {
  readonly table: FeedTable;
  readonly head: Head;
  /** Counts what is done. */
  readonly report: ResolveReport;
}

/** Walks along a shard, and resolves what it can, until a slot that has to wait. */
function shardWalk(work: Work) {
  const { table, head, now } = work;
  return async (shard: number, after: number, most: number): Promise<Walked> => {
    const end = Math.min(after + most, head.numbers.get(shard) ?? 0);
    let number = after;
    let waiting: readonly Slot[] = [];
    try {
      while (number < end) {
        const { slots, isEnd } = await table.readSlots(shard, number, SLOTS_READ, { consistent: true });
        const last = isEnd ? end : Math.min(end, slots.at(-1)?.number ?? end);
        while (number < last) {
          waiting = slots.filter((slot) => slot.number > number);
          const name = { shard, number: number + 1 };
          if (!(await settle(work, name, waiting))) return { number, age: ageOf(waiting, now()) };
          number += 1;
        }
      }
      return { number, age: 0 };
    } catch (error) {
      return { number, age: ageOf(waiting, now()), error };
    }
  };
}

const ageOf = (waiting: readonly Slot[], now: number): number => now - (datedAt(waiting) ?? now);

/**
 * @param following the slots from this one on, as far as they were read
 * @returns whether the slot is sealed, void or out of reach now
 */
async function settle(work: Work, name: SlotName, following: readonly Slot[]): Promise<boolean> {
  const slot = following.find(({ number }) => number === name.number);
  // Where the seal is left, the intent has expired. A void lets readers pass.
  if (slot?.content === undefined) return voidGap(work, name, datedAt(following));
  if (slot.content.kind === 'damaged') work.report.damaged += 1;
  if (isFinished(slot)) return true;
  return rollForward(work, name, slot, slot.content as Intent);
}

/**
 * Gives up a number whose intent is absent, once a later slot is old enough. A writer whose intent comes after the void finds
 * it, and takes another number.
 *
 * @param laterAt when the later slot was stored
 */
async function voidGap(
  { now, table, head, report }: Work,
  name: SlotName,
  laterAt: number | undefined,
): Promise<boolean> {
  if (laterAt === undefined || now() - laterAt < GAP_PATIENCE) return false;
  // What is absent may have expired. Readers pass it.
  if (mayHaveExpired(head.lifetimes, laterAt, now())) return true;
  const lifetime = leastLifetime(head.lifetimes, laterAt);
  const found = await table.putContent(name, { kind: 'void', at: laterAt }, laterAt + lifetime + SLOT_MARGIN);
  if (found === undefined) report.voided += 1;
  // The intent came first: it is the writer's turn again.
  return found === undefined || found.kind === 'void';
}

/** Puts the logs of an intent that are not there yet, announces all its members, and seals it. */
async function rollForward(
  { now, announce, table, head, report }: Work,
  name: SlotName,
  { expiresAt }: Slot,
  { at, logs }: Intent,
): Promise<boolean> {
  if (now() - at < SEAL_PATIENCE) return false;
  const lifetime = expiresAt === undefined ? leastLifetime(head.lifetimes, at) : expiresAt - SLOT_MARGIN - at;
  // Readers pass it, and logs that have expired must not come back.
  if (now() - at >= lifetime) return true;
  const decoded = decode(logs);
  if (decoded === undefined) {
    report.damaged += 1;
    return true;
  }
  const slot: OwnedSlot = { name, at, lifetime };
  const placings = await Promise.all(
    putInSlot(
      table,
      slot,
      decoded.map(({ item }) => ({ ...item, createdAt: at })),
    ),
  );
  for (const placing of placings) if (placing.kind === 'unknown') throw placing.error;
  const isMember = placings.map(({ kind }) => kind === 'member');
  await announce(decoded.map(({ resolved }) => resolved).filter((_, i) => isMember[i]));
  await table.putSeal(name, encodeSeal(isMember), at + lifetime + SLOT_MARGIN);
  report.rolledForward += 1;
  return true;
}

function decode(logs: Buffer) {
  try {
    return decodeIntent(logs).map(({ application, id, json }) => {
      const text = json.toString();
      const log: SecurityLog = JSON.parse(text);
      const timestamp = Date.parse(log['@timestamp']);
      return {
        resolved: { application, timestamp, id, json: text },
        item: {
          application,
          timestamp,
          id,
          document: encodeDocument(text),
          action: log.event.action,
          rid: log.label.rid,
        },
      };
    });
  } catch (error) {
    if (error instanceof FeedItemDamaged) return undefined;
    throw error;
  }
}

/** When the first of the slots was stored whose time is known. */
const datedAt = (slots: readonly Slot[]): number | undefined =>
  slots.find(({ content }) => content?.at !== undefined)?.content?.at;
