import { FIRST_POLLS, MEMORY, ROUND_TRIP } from './assumed.ts';
import { canary } from './canary.ts';
import {
  type Component,
  chunks,
  cpuSeconds,
  GB,
  invocations,
  queue,
  sentAnswers,
  streamSeconds,
} from './components.ts';
import {
  atBatchSize,
  COMPRESSED_ITEM,
  FEED_ANSWERS,
  FEED_READ_UNITS,
  IDLE_POLL_UNITS,
  INTENT_BYTES,
  LEAST_WINDOW_UNITS,
  MAP_ITEM,
  ONE_PUT_CPU,
  WINDOW_ANSWERS,
} from './measured.ts';
import type { Workload } from './workload.ts';

/** What the service costs, and what it would cost built in another way (docs/cost.md). */

export interface Design {
  /** A log as a compressed item, as the service stores it, or as a map of DynamoDB. */
  readonly item: 'compressed' | 'map';
  /** Batches from a queue, as the service takes them, or an invocation and one put for each event, without the feed. */
  readonly ingest: 'batches' | 'events';
}

export const THIS_SERVICE: Design = { item: 'compressed', ingest: 'batches' };

/** Of ingest: the number of the slot, the intent, the logs, the seal (docs/feed.md#storing-a-batch). */
const ROUND_TRIPS = 4;
/** DynamoDB bills 100 bytes more than an item has: https://aws.amazon.com/dynamodb/pricing/on-demand/ */
const ITEM_OVERHEAD = 100;
/** An item stays twelve hours beyond the log, and about a day until DynamoDB deletes it (docs/feed.md#expiry). */
const HOURS_AFTER_LOG = 12 + 24;
/** A request of Lambda for the messages of a queue waits so long. */
const POLL_SECONDS = 20;
/** Alarms and metrics of the stack, about; a custom service adds a few. */
const FIXED = { alarms: 25, metrics: 12 };
const DELIVERY = { alarms: 10, metrics: 3, seconds: 0.2, batch: 10 };
/** DynamoDB asks KMS every five minutes for each of the functions. */
const KEY_REQUESTS_A_DAY = 3 * 288;

export function serviceComponents(workload: Workload, design: Design = THIS_SERVICE): Component[] {
  return [
    ...published(workload),
    ...(design.ingest === 'batches' ? ingestInBatches(workload, design) : ingestOneByOne(workload)),
    ...stored(workload, design),
    ...windows(workload, design),
    ...feedPolls(workload),
    ...(workload.customService ? delivered(workload, design) : []),
    ...(workload.canaryMinutes > 0 ? canary(workload) : []),
    ...standing(workload, design),
  ].filter(({ quantity }) => quantity > 0);
}

const itemOf = ({ item }: Design) => (item === 'map' ? MAP_ITEM : COMPRESSED_ITEM);

const eventsOf = ({ eventsPerDay, days }: Workload): number => eventsPerDay * days;

function published(workload: Workload): Component[] {
  const events = eventsOf(workload);
  const archived = (events * workload.eventBytes) / GB;
  const announced = workload.announcements || workload.customService;
  const keptMonths = Math.min(workload.archiveDays, workload.days) / 30;
  return [
    { name: 'bus: events', price: 'busEvent', quantity: events * chunks(workload.eventBytes) },
    { name: 'bus: announcements', price: 'busEvent', quantity: announced ? events : 0 },
    { name: 'archive: events', price: 'archivedGb', quantity: workload.archiveDays > 0 ? archived : 0 },
    { name: 'archive: storage', price: 'archiveGbMonth', quantity: archived * keptMonths },
  ];
}

function ingestInBatches(workload: Workload, design: Design): Component[] {
  const events = eventsOf(workload);
  const { batch } = workload;
  const { writeUnits, cpu } = atBatchSize(batch);
  const announcing = workload.announcements || workload.customService ? Math.ceil(batch / 10) : 0;
  return [
    queue('ingest queue', events, workload.eventBytes, batch),
    ...invocations('ingest', {
      count: events / batch,
      seconds: ROUND_TRIP * (ROUND_TRIPS + announcing) + cpuSeconds(cpu * batch, MEMORY.ingest),
      memory: MEMORY.ingest,
    }),
    {
      name: 'table: writes',
      price: 'writeUnit',
      quantity: events * (writeUnits - COMPRESSED_ITEM.writeUnits + itemOf(design).writeUnits),
    },
  ];
}

function ingestOneByOne(workload: Workload): Component[] {
  const events = eventsOf(workload);
  const seconds = ROUND_TRIP + cpuSeconds(ONE_PUT_CPU, MEMORY.ingest);
  return [
    ...invocations('ingest', { count: events, seconds, memory: MEMORY.ingest }),
    { name: 'table: writes', price: 'writeUnit', quantity: events * COMPRESSED_ITEM.writeUnits },
  ];
}

function stored(workload: Workload, design: Design): Component[] {
  const bytes = itemOf(design).bytes + ITEM_OVERHEAD + (design.ingest === 'batches' ? INTENT_BYTES : 0);
  const logs = (workload.eventsPerDay * (workload.retentionHours + HOURS_AFTER_LOG)) / 24;
  return [
    {
      name: 'table: storage',
      price: 'tableGbMonth',
      quantity: ((logs * bytes) / GB) * (workload.days / 30),
    },
  ];
}

function windows(workload: Workload, design: Design): Component[] {
  const count = workload.queriesPerDay * workload.days;
  const logs = (workload.eventsPerDay * workload.windowMinutes) / 1440;
  const answer = WINDOW_ANSWERS[workload.encoding];
  return answered('windows', {
    count,
    units: Math.max(LEAST_WINDOW_UNITS, logs * itemOf(design).readUnits),
    cpu: logs * (design.item === 'map' ? MAP_ITEM : answer).cpu,
    bytes: logs * answer.bytes,
    memory: MEMORY.query,
  });
}

function feedPolls(workload: Workload): Component[] {
  const count = workload.feedPollsPerDay * workload.days;
  if (count === 0) return [];
  const answer = FEED_ANSWERS[workload.encoding];
  const logs = eventsOf(workload) / count;
  return answered('feed', {
    count,
    units: IDLE_POLL_UNITS + logs * FEED_READ_UNITS,
    cpu: logs * answer.cpu,
    bytes: logs * answer.bytes,
    memory: MEMORY.feed,
  });
}

/** Answers of one kind: what each of them reads, computes and sends. */
interface Answering {
  readonly count: number;
  /** Read units. */
  readonly units: number;
  /** Microseconds of one vCPU. */
  readonly cpu: number;
  readonly bytes: number;
  /** Of the function, MB. */
  readonly memory: number;
}

/** A function computes while it sends, so the slower of the two counts. */
const answered = (name: string, { count, units, cpu, bytes, memory }: Answering): Component[] => [
  { name: `${name}: reads`, price: 'readUnit', quantity: count * units },
  ...invocations(name, {
    count,
    seconds: 2 * ROUND_TRIP + Math.max(cpuSeconds(cpu, memory), streamSeconds(bytes)),
    memory,
  }),
  ...sentAnswers(name, { count, bytes }),
];

function delivered(workload: Workload, design: Design): Component[] {
  const logs = eventsOf(workload);
  return [
    queue('delivery queue', logs, 2 * workload.eventBytes, DELIVERY.batch),
    ...invocations('delivery', {
      count: logs / DELIVERY.batch,
      seconds: DELIVERY.seconds,
      memory: MEMORY.deliver,
    }),
    { name: 'delivery: reads', price: 'readUnit', quantity: logs },
    // the record of the attempt (docs/custom-services.md#what-is-recorded)
    { name: 'delivery: records', price: 'writeUnit', quantity: logs * itemOf(design).writeUnits },
  ];
}

/** What is due without any event. */
function standing({ days, customService }: Workload, { ingest }: Design): Component[] {
  const queues = (ingest === 'batches' ? 2 : 0) + (customService ? 2 : 0);
  const months = days / 30;
  const extra = customService ? DELIVERY : { alarms: 0, metrics: 0 };
  return [
    {
      name: 'queues: polling',
      price: 'queueRequest',
      quantity: queues * FIRST_POLLS * ((days * 86_400) / POLL_SECONDS),
    },
    { name: 'alarms', price: 'alarm', quantity: (FIXED.alarms + extra.alarms) * months },
    { name: 'metrics', price: 'metric', quantity: (FIXED.metrics + extra.metrics) * months },
    { name: 'secrets', price: 'secret', quantity: (customService ? 2 : 1) * months },
    { name: 'encryption', price: 'keyRequest', quantity: KEY_REQUESTS_A_DAY * days },
  ];
}
