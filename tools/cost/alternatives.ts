import { type Component, chunks, GB } from './components.ts';
import { LOG_BYTES, MOST_IN_BATCH } from './measured.ts';
import { serviceComponents, THIS_SERVICE } from './service.ts';
import type { Workload } from './workload.ts';

/** The same workload, met in another way. */
export interface Alternative {
  readonly name: string;
  /** What it does not do. */
  readonly lacks: string;
  readonly components: readonly Component[];
}

/** Firehose bills each record as if it had a multiple of 5 KB: https://aws.amazon.com/firehose/pricing/ */
const FIREHOSE_RECORD = 5 * 1024;
/** An object of 5 MB or of a minute, whichever comes first. */
const OBJECT_BYTES = 5e6;
const OBJECTS_A_DAY = 1440;

export function alternatives(workload: Workload): Alternative[] {
  const polls = Math.max(1440, workload.feedPollsPerDay);
  return [
    {
      name: 'the feed, a poll a minute, instead of windows',
      lacks: 'the order of time',
      components: serviceComponents({ ...workload, queriesPerDay: 0, feedPollsPerDay: polls }),
    },
    {
      name: 'batches of 100 events',
      lacks: workload.batch < MOST_IN_BATCH ? 'the rate that fills them' : '',
      components: serviceComponents({ ...workload, batch: MOST_IN_BATCH }),
    },
    {
      name: 'batches of one event',
      lacks: '',
      components: serviceComponents({ ...workload, batch: 1 }),
    },
    {
      name: 'maps of DynamoDB instead of compressed items',
      lacks: '',
      components: serviceComponents(workload, { ...THIS_SERVICE, item: 'map' }),
    },
    {
      name: 'a Lambda invocation and a put for each event',
      lacks: 'the feed, and the queue that keeps events for 14 days',
      components: serviceComponents(
        { ...workload, feedPollsPerDay: 0 },
        { ...THIS_SERVICE, ingest: 'events' },
      ),
    },
    {
      name: 'every log announced on the bus',
      lacks: '',
      components: serviceComponents({ ...workload, announcements: true }),
    },
    {
      name: 'EventBridge, Kinesis and Firehose to S3',
      lacks: 'the API, ECS, telling copies; the SIEM reads objects',
      components: toObjects(workload),
    },
    {
      name: "the SIEM's own ingest of these logs (comes on top of any)",
      lacks: '',
      components: [
        {
          name: 'SIEM',
          price: 'siemGb',
          quantity: (workload.eventsPerDay * workload.days * LOG_BYTES) / GB,
        },
      ],
    },
  ];
}

function toObjects({ eventsPerDay, days, eventBytes, retentionHours }: Workload): Component[] {
  const events = eventsPerDay * days;
  const bytes = events * eventBytes;
  const objects = Math.max(bytes / OBJECT_BYTES, OBJECTS_A_DAY * days);
  return [
    { name: 'bus: events', price: 'busEvent', quantity: events * chunks(eventBytes) },
    { name: 'stream: hours', price: 'streamHour', quantity: 24 * days },
    { name: 'stream: in', price: 'streamGbIn', quantity: bytes / GB },
    { name: 'stream: out', price: 'streamGbOut', quantity: bytes / GB },
    {
      name: 'Firehose',
      price: 'firehoseGb',
      quantity: (events * Math.ceil(eventBytes / FIREHOSE_RECORD) * FIREHOSE_RECORD) / GB,
    },
    { name: 'S3: objects', price: 'objectPut', quantity: objects },
    {
      name: 'S3: storage',
      price: 'objectGbMonth',
      quantity: (((eventsPerDay * retentionHours) / 24) * eventBytes * (days / 30)) / GB,
    },
  ];
}
