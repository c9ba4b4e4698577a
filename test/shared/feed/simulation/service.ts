import { ingest } from '../../../../functions/ingest/ingest.ts';
import {
  type FeedTable,
  type Head,
  type Intent,
  type LogItem,
  type SlotName,
  slotText,
} from '../../../../shared/feed/feed-table.ts';
import { decodeIntent } from '../../../../shared/feed/intent-codec.ts';
import { LOG_MARGIN } from '../../../../shared/feed/lifetimes.ts';
import { feedReader } from '../../../../shared/feed/read-feed.ts';
import { feedResolver } from '../../../../shared/feed/resolve.ts';
import type { ResolveRequest } from '../../../../shared/feed/resolve-request.ts';
import { decodeSeal } from '../../../../shared/feed/seal-codec.ts';
import { batchWriter } from '../../../../shared/feed/write-batch.ts';
import { HOUR, SECOND } from '../../../../shared/time.ts';
import { type Consumer, type ConsumerOptions, consumer, TOLERANCE, take } from './consumer.ts';
import { numbersWithoutSlots, unsealedSlots } from './open-slots.ts';
import { type Process, REQUEST_LOST, type Scheduler, scheduler } from './scheduler.ts';
import { simulatedBus } from './simulated-bus.ts';
import { HEAD, logPartition, simulatedTable } from './simulated-table.ts';
import type { View } from './stored-items.ts';
import { logName, readableUntil, type StoredLog } from './stored-log.ts';

/** The service, as its processes run in the simulation: ingest, resolving, and consumers of the feed. */

export const STARTS_AT = Date.UTC(2026, 10, 21, 9);

export interface ServiceOptions {
  readonly retentionHours: number;
  /** From 0 (inclusive) to 1 (exclusive): draws the shard of a batch. */
  readonly random: () => number;
  /** Whether stored logs are announced. */
  readonly announces?: boolean;
}

/** The feed does not keep what it promises. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** A state to which the table can be restored. */
export interface Snapshot {
  readonly items: View;
  readonly stored: readonly (readonly [string, StoredLog])[];
  readonly sealed: readonly string[];
  readonly acknowledged: readonly string[];
}

export interface IngestOptions {
  readonly name: string;
  /** The events of the batch: those in upper case are the Builder's. A name that comes twice is a copy. */
  readonly events: readonly string[];
  readonly skew?: number;
}

export type Service = ReturnType<typeof service>;

export function service({ retentionHours, random, announces = true }: ServiceOptions) {
  const processes: Scheduler = scheduler(STARTS_AT);
  const stored = new Map<string, StoredLog>();
  const sealed = new Set<string>();
  const announced = new Set<string>();
  const published = new Set<string>();
  const acknowledged = new Set<string>();
  const consumers: Consumer[] = [];
  let violation: Violation | undefined;
  let restored = 0;
  let hours = retentionHours;
  let leastHours = retentionHours;

  const report = (text: string): void => {
    violation ??= new Violation(text);
  };

  const tableOf = (process: Process, isHelper: boolean): FeedTable =>
    simulatedTable(processes.items, process.submit, {
      logStored({ id, application, createdAt, expiresAt, slot }: LogItem) {
        const log = { id, application, createdAt, slot, readableUntil: expiresAt - LOG_MARGIN };
        stored.set(logName(id, createdAt), log);
      },
      slotSealed(name: SlotName, intent: Intent | undefined, seal: Buffer) {
        sealed.add(slotText(name));
        if (!isHelper || !announces || intent === undefined) return;
        const logs = decodeIntent(intent.logs);
        const isMember = decodeSeal(seal, logs.length);
        for (const { id } of logs.filter((_, i) => isMember[i]))
          if (!announced.has(id)) report(`slot ${slotText(name)} was sealed before ${id} was announced`);
      },
      expiresAt(instant, what) {
        if (instant < processes.now()) report(`${what} was written although its time is over`);
      },
    });

  const { announce, openPublisher } = simulatedBus(announced);

  return {
    processes,
    stored,
    sealed,
    acknowledged,
    published,
    consumers,
    report,
    restorations: () => restored,
    violation: () => violation,
    retentionHours: () => hours,
    setRetention(value: number): void {
      hours = value;
      leastHours = Math.min(leastHours, value);
    },

    /** Ingest takes a batch of events, and acknowledges what it can. */
    ingest({ name, events, skew = 0 }: IngestOptions): void {
      for (const event of events) published.add(event);
      const retention = hours;
      let names = 0;
      processes.start(name, skew, async (process) => {
        const putAll = batchWriter({
          openTable: () => tableOf(process, false),
          retentionHours: retention,
          random,
          uniqueName: () => `${name}.${names++}`,
        });
        const run = ingest({
          store: { putAll },
          openPublisher: openPublisher(process),
          announceStored: announces,
          report: () => undefined,
          now: process.now,
        });
        const messages = events.map((event, i) => ({ messageId: String(i), body: messageOf(event) }));
        const unfinished = new Set(
          await run(messages, { storing: process.signal, announcing: process.signal }),
        );
        for (const [i, event] of events.entries()) {
          if (unfinished.has(String(i))) continue;
          acknowledged.add(event);
          const logs = [...stored.values()].filter(({ id }) => id === event);
          if (logs.length === 0) report(`${event} was acknowledged, and is not stored`);
          // A log that nobody can read any more is not announced.
          const isReadable = logs.some((log) => readableUntil(log, retention) > processes.now() + TOLERANCE);
          if (announces && isReadable && !announced.has(event))
            report(`${event} was acknowledged before it was announced`);
        }
      });
    },

    /** A helper resolves. */
    resolve({ name, request, skew = 0 }: { name: string; request: ResolveRequest; skew?: number }) {
      const outcome: { openSlots?: number | undefined; error?: unknown } = {};
      processes.start(name, skew, async (process) => {
        const run = feedResolver({
          openTable: () => tableOf(process, true),
          now: process.now,
          announce: async (logs) =>
            announces
              ? announce(
                  process,
                  logs.map(({ id }) => id),
                )
              : undefined,
        });
        try {
          outcome.openSlots = (await run(request, process.signal)).openSlots;
        } catch (error) {
          outcome.error = error;
        }
      });
      return outcome;
    },

    consumer(options: ConsumerOptions): Consumer {
      const one = consumer(options);
      consumers.push(one);
      return one;
    },

    /** A consumer asks once. If it does not save the answer, it asks again with the cursor that it had. */
    poll(one: Consumer, { skew = 0, saves = true, name = one.options.name } = {}): void {
      const retention = hours;
      const epochAtStart = restored;
      processes.start(name, skew, async (process) => {
        const read = feedReader({
          openTable: () => tableOf(process, false),
          retentionHours: retention,
          now: process.now,
        });
        const startedAt = process.now();
        const start = one.nextStart();
        const before = one.progress;
        try {
          const answer = await read(
            {
              start,
              limit: one.options.limit,
              applications: one.options.applications ?? ['player', 'builder'],
              maxBytes: Number.POSITIVE_INFINITY,
              readUntil: startedAt + 4 * SECOND,
            },
            process.signal,
          );
          if (epochAtStart !== restored) return;
          const sealedLogs = [...stored].filter(([, { slot }]) => sealed.has(slot)).map(([log]) => log);
          take(
            one,
            {
              answer,
              before,
              startedAt,
              sealedBefore: sealedLogs,
              retention,
              leastHours,
              saves,
              epoch: restored,
            },
            report,
          );
        } catch (error) {
          if (error === REQUEST_LOST) return;
          report(`${one.options.name} was refused: ${(error as Error).message}`);
        }
      });
    },

    numbersWithoutSlots: (): number => numbersWithoutSlots(processes.items.current()),

    unsealedSlots: (): string[] =>
      unsealedSlots(processes.items.current(), processes.now() - leastHours * HOUR + TOLERANCE),

    snapshot: (): Snapshot => ({
      items: processes.items.snapshot(),
      stored: [...stored],
      sealed: [...sealed],
      acknowledged: [...acknowledged],
    }),

    /** The operator restores the table to an earlier state, and gives its head a new epoch. */
    restore(to: Snapshot): void {
      processes.stopAll();
      processes.items.restore(to.items);
      restored += 1;
      const head = processes.items.current().get(HEAD);
      if (head) {
        const value: Head = { ...(head.value as Head), epoch: `restored ${restored}` };
        processes.items.restore(
          new Map([
            ...to.items,
            [HEAD, { ...head, value, text: JSON.stringify([value.epoch, to.items.get(HEAD)?.text]) }],
          ]),
        );
      }
      replace(stored, to.stored);
      for (const slot of [...sealed]) if (!to.sealed.includes(slot)) sealed.delete(slot);
      for (const event of [...acknowledged]) if (!to.acknowledged.includes(event)) acknowledged.delete(event);
    },

    /** What a window shows: the logs that are stored, and whose lifetime is not over. */
    windowLogs(): StoredLog[] {
      const now = processes.now();
      return [...processes.items.current()]
        .filter(([key]) => key.startsWith(`${logPartition}/`))
        .map(([, { value }]) => value as LogItem)
        .map(({ id, createdAt }) => stored.get(logName(id, createdAt)) as StoredLog)
        .filter((log) => readableUntil(log, hours) > now);
    },

    text: (): string =>
      [
        processes.text(),
        [...announced].sort().join(),
        [...acknowledged].sort().join(),
        [...sealed].sort().join(),
        hours,
        restored,
        ...consumers.map((one) => one.text()),
      ].join('\n'),
  };
}

function replace<K, V>(map: Map<K, V>, entries: Iterable<readonly [K, V]>): void {
  map.clear();
  for (const [key, value] of entries) map.set(key, value);
}

/** The message of an event, as EventBridge delivers it. All copies of an event are the same. */
const messageOf = (event: string): string =>
  JSON.stringify({
    id: event,
    source: event === event.toLowerCase() ? 'easysend.player' : 'easysend.builder',
    'detail-type': 'Security Event',
    time: new Date(STARTS_AT).toISOString(),
    detail: { event: { action: 'OPENED', id: event } },
  });
