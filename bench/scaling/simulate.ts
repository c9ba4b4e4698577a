import { atBatchSize, INTENT_BYTES } from '../../tools/cost/measured.ts';
import { createRandom, type Random } from '../../tools/synthetic-logs/random.ts';
import { Lags } from './lags.ts';
import { PartitionedTable } from './partitioned-table.ts';
import {
  BETWEEN_INVOCATIONS,
  FIRST_INVOCATIONS,
  IN_FLIGHT,
  INGEST,
  MORE_INVOCATIONS_A_MINUTE,
  ROUND_TRIP,
} from './quotas.ts';
import { type Group, WaitingEvents } from './waiting-events.ts';

/** Simulates ingest from the bus to the table (docs/scaling.md#the-model). */

export interface Scenario {
  readonly seed: number;
  /** Events a second, evenly. */
  readonly rate: number;
  readonly minutes: number;
  /** The share of the events that are the Player's; the others are the Builder's. */
  readonly playerShare: number;
  /** Shards of the logs of each application, and of the feed. */
  readonly shards: number;
  readonly feedShards: number;
  /** The most invocations of ingest at once. */
  readonly concurrency: number;
  /** Write units a second that the table can take at once. */
  readonly warmWrites: number;
  /** The table's quota, write units a second. */
  readonly mostWrites: number;
  /** The bus's quota, events a second that it gives to the queue. */
  readonly invocations: number;
}

export interface Outcome {
  /** Events in the mean batch. */
  readonly batch: number;
  /** Events that wait in the bus and in the queue: the most, and at the end. */
  readonly mostInBus: number;
  readonly mostInQueue: number;
  readonly inBus: number;
  readonly inQueue: number;
  /** Events stored a second, in the last minute. */
  readonly stored: number;
  /** Seconds from publishing to the table. */
  readonly lag: { readonly median: number; readonly most: number };
  /** Minutes until no event waited for longer than a few seconds; undefined if that did not come. */
  readonly caughtUp: number | undefined;
  /** The share of the batches whose slot was left to resolving, because a put was too late. */
  readonly leftOpen: number;
  readonly invocations: number;
  readonly partitions: { readonly first: number; readonly last: number };
}

/** A step of the arrivals, seconds. */
const STEP = 0.1;
/** One more invocation at once in so many steps. */
const STEPS_A_START = Math.round(60 / MORE_INVOCATIONS_A_MINUTE / STEP);
/** An event that is not stored after this waits. The ingest queue collects a batch for a second. */
const WAITS = 5;

export function simulate(scenario: Scenario): Outcome {
  const { rate, minutes, concurrency } = scenario;
  const random = createRandom(scenario.seed);
  const end = minutes * 60;
  const table = new PartitionedTable({
    random,
    warmWrites: scenario.warmWrites,
    mostWrites: scenario.mostWrites,
    keys: 2 * scenario.shards + scenario.feedShards + 1,
    seconds: end + 2 * INGEST.deadline,
  });
  const first = table.size;
  const bus = new WaitingEvents();
  const queue = new WaitingEvents();
  const hidden: { at: number; groups: Group[] }[] = [];
  const lags = new Lags();
  /** When each invocation at once is ready for its next batch; Infinity is not there yet. */
  const readyAt: number[] = Array.from({ length: concurrency }, (_, i) =>
    i < FIRST_INVOCATIONS ? (i * INGEST.window) / FIRST_INVOCATIONS : Number.POSITIVE_INFINITY,
  );
  let invocations = Math.min(FIRST_INVOCATIONS, concurrency);
  let inFlight = 0;
  const totals = { batches: 0, events: 0, leftOpen: 0, mostInBus: 0, mostInQueue: 0, lastMinute: 0 };
  let waitedAt = 0;
  /** The invocations whose batch has begun and is not full. */
  const collecting = new Set<number>();
  const ended: { at: number; count: number }[] = [];

  const invoke = (worker: number, at: number): void => {
    const isFull = queue.count >= INGEST.batch;
    if (queue.count === 0 || inFlight + INGEST.batch > IN_FLIGHT) {
      collecting.delete(worker);
      readyAt[worker] = at + STEP;
      return;
    }
    if (!isFull && !collecting.has(worker)) {
      collecting.add(worker);
      readyAt[worker] = at + INGEST.window;
      return;
    }
    // What has come is shared with the others that collect.
    const groups = queue.take(isFull ? INGEST.batch : Math.ceil(queue.count / collecting.size));
    collecting.delete(worker);
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    const { sealed, stored, until } = storeBatch(scenario, random, table, count, at + BETWEEN_INVOCATIONS);
    const late = settle(groups, stored, until, lags);
    inFlight += count;
    totals.batches++;
    totals.events += count;
    if (!sealed) totals.leftOpen++;
    if (until - (groups[0]?.arrivedAt ?? at) > WAITS || late.length > 0) waitedAt = until;
    if (until > end - 60 && until <= end) totals.lastMinute += stored;
    if (late.length > 0) hidden.push({ at: at + INGEST.visibility, groups: late });
    ended.push({ at: until, count: stored });
    readyAt[worker] = until;
  };

  for (let step = 0; step * STEP < end; step++) {
    const now = step * STEP;
    if (step % 600 === 599) table.adapt(now);
    bus.add({ arrivedAt: now, count: poisson(random, rate * STEP) });
    for (const group of bus.take(Math.floor(scenario.invocations * STEP))) queue.add(group);
    for (let i = hidden.length - 1; i >= 0; i--) {
      const back = hidden[i];
      if (back === undefined || back.at > now) continue;
      for (const group of back.groups) {
        inFlight -= group.count;
        queue.add(group);
      }
      hidden.splice(i, 1);
    }
    for (let i = ended.length - 1; i >= 0; i--) {
      const done = ended[i];
      if (done === undefined || done.at > now) continue;
      inFlight -= done.count;
      ended[i] = ended.at(-1) as { at: number; count: number };
      ended.pop();
    }
    totals.mostInBus = Math.max(totals.mostInBus, bus.count);
    totals.mostInQueue = Math.max(totals.mostInQueue, queue.count + inFlight);
    if (step % STEPS_A_START === 0 && invocations < concurrency && queue.count >= INGEST.batch * invocations)
      readyAt[invocations++] = now;
    for (let worker = nextReady(readyAt, now + STEP); worker >= 0; worker = nextReady(readyAt, now + STEP))
      invoke(worker, Math.max(now, readyAt[worker] as number));
  }
  return {
    batch: totals.batches === 0 ? 0 : totals.events / totals.batches,
    mostInBus: totals.mostInBus,
    mostInQueue: totals.mostInQueue,
    inBus: bus.count,
    inQueue: queue.count + inFlight,
    stored: totals.lastMinute / 60,
    lag: { median: lags.quantile(0.5), most: lags.quantile(1) },
    caughtUp: waitedAt < end - 60 && bus.count < rate ? waitedAt / 60 : undefined,
    leftOpen: totals.leftOpen / Math.max(1, totals.batches),
    invocations,
    partitions: { first, last: table.size },
  };
}

/** The invocation that is ready first, before an instant; -1 if there is none. */
function nextReady(readyAt: readonly number[], before: number): number {
  let first = -1;
  let earliest = before;
  for (const [worker, at] of readyAt.entries()) {
    if (at < earliest) {
      first = worker;
      earliest = at;
    }
  }
  return first;
}

/** The steps of docs/feed.md#storing-a-batch: the head, the intent, the logs, the seal. */
function storeBatch(
  { shards, feedShards, playerShare }: Scenario,
  random: Random,
  table: PartitionedTable,
  count: number,
  start: number,
): { sealed: boolean; stored: number; until: number } {
  const deadline = start + INGEST.deadline;
  const cpu = ((atBatchSize(count).cpu * count) / 1e6) * (1792 / INGEST.memory);
  const head = 2 * shards + feedShards;
  const slot = 2 * shards + random.integer(0, feedShards - 1);
  const nothing = { sealed: false, stored: 0, until: deadline };

  const number = table.write(head, 1, start + cpu, deadline);
  if (number.written < 1) return nothing;
  const intentUnits = intentUnitsOf(count);
  const intent = table.write(slot, intentUnits, number.at + ROUND_TRIP, deadline);
  if (intent.written < intentUnits) return nothing;

  const counts = new Array<number>(2 * shards).fill(0);
  for (let i = 0; i < count; i++) {
    const key = random.integer(0, shards - 1) + (random.next() < playerShare ? 0 : shards);
    counts[key] = (counts[key] as number) + 1;
  }
  let stored = 0;
  let last = intent.at + ROUND_TRIP;
  for (const [key, logs] of counts.entries()) {
    if (logs === 0) continue;
    const put = table.write(key, logs, intent.at + ROUND_TRIP, deadline);
    stored += Math.floor(put.written + 1e-6);
    last = Math.max(last, put.at);
  }
  if (stored < count) return { sealed: false, stored, until: deadline };
  const seal = table.write(slot, 1, last + ROUND_TRIP, deadline);
  return { sealed: seal.written === 1, stored, until: seal.at + ROUND_TRIP };
}

/** What the intent of a batch takes: the measured units without the log's own, the head and the seal. */
const intentUnitsOf = (count: number): number =>
  Math.max(
    1,
    Math.round((atBatchSize(count).writeUnits - 1) * count - 2),
    Math.ceil((count * INTENT_BYTES) / 1024),
  );

/** Notes how long the stored events took. @returns the events that go back to the queue */
function settle(groups: readonly Group[], stored: number, at: number, lags: Lags): Group[] {
  const late: Group[] = [];
  let rest = stored;
  for (const { arrivedAt, count } of groups) {
    const here = Math.min(rest, count);
    if (here > 0) lags.add(at - arrivedAt, here);
    rest -= here;
    if (here < count) late.push({ arrivedAt, count: count - here });
  }
  return late;
}

/** A random count with this mean (Knuth for small means, the normal distribution for large ones). */
export function poisson(random: Random, mean: number): number {
  if (mean > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal));
  }
  const limit = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > limit; product *= random.next()) count++;
  return count;
}
