import { randomUUID } from 'node:crypto';
import pMap from 'p-map';
import { type ProducerSource, SECURITY_EVENT } from '../../shared/event/bus-events.ts';
import { openAwsBus } from './aws-bus.ts';
import type { BusEntry, PutEvents } from './bus-entry.ts';
import { fillBatches } from './fill-batches.ts';
import { type FixedEvent, fixEvent, UnpublishableEvent } from './fix-event.ts';
import { type PutFailure, putBatch } from './put-batch.ts';
import type { SecurityEventDetail } from './security-event-detail.ts';

export type { BusEntry, BusResult, PutEvents } from './bus-entry.ts';
export type { SecurityEventDetail } from './security-event-detail.ts';

export interface PublishOptions {
  /** The application whose events these are. Default: `easysend.player`. */
  readonly source?: 'easysend.player' | 'easysend.builder';
  /** The output `EventBusName` of the stack, or `EventBusArn`. Default: `security-events`. */
  readonly busName?: string;
  /** The region of the bus. Default: that of the environment, as for the AWS CLI. */
  readonly region?: string;
  /** The endpoint of AWS, such as that of the local stack, `http://127.0.0.1:4566`. Default: that of the region. */
  readonly endpoint?: string;
  /** Sends one `PutEvents`, instead of a client that this function makes. */
  readonly putEvents?: PutEvents;
  /** How long an entry is tried, milliseconds. Default: 30,000. */
  readonly patienceMs?: number;
  /** How many requests may be under way at a time. Default: 4. */
  readonly concurrency?: number;
  /** Ends the trying: what is not on the bus by then has failed. */
  readonly signal?: AbortSignal;
}

/** An event that is not on the bus. */
export interface UnpublishedEvent {
  /** Its place among the events that were given. */
  readonly index: number;
  /** The event, with `event.id` and `@timestamp` as they were tried. Publishing it again is safe. */
  readonly event: SecurityEventDetail;
  /**
   * Why: a code of the contract's rejections, `not_json`, `too_large`, the `ErrorCode` of EventBridge, or the name of the
   * error of the request.
   */
  readonly code: string;
  readonly message: string;
}

export interface PublishResult {
  /** How many are on the bus. */
  readonly published: number;
  /** What could not be published, in the order of the events. Every event is either published or here. */
  readonly failed: UnpublishedEvent[];
}

const DEFAULT_PATIENCE_MS = 30_000;
const DEFAULT_CONCURRENCY = 4;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Publishes security events on the bus (docs/contract.md#publishing-an-event). It checks each event, fixes `event.id` and
 * `@timestamp` before the first attempt so that a repeated attempt is still one log, fills `PutEvents` requests, and
 * tries again what failed and may succeed later, with growing waits.
 *
 * @returns how many were published, and each event that was not, with the reason. It does not reject because of an
 *   event, the bus or the network
 * @throws TypeError if the options cannot be used
 */
export async function publishSecurityEvents(
  events: readonly SecurityEventDetail[],
  options: PublishOptions = {},
): Promise<PublishResult> {
  const { busName = 'security-events', source = 'easysend.player', signal } = options;
  const failed: UnpublishedEvent[] = [];
  const items: Item[] = [];
  for (const [index, event] of events.entries()) {
    const fixed = fixedOrFailure(event, source);
    if (fixed instanceof UnpublishableEvent) {
      failed.push({ index, event, code: fixed.code, message: fixed.message });
      continue;
    }
    const entry = {
      EventBusName: busName,
      Source: source,
      DetailType: SECURITY_EVENT,
      Detail: fixed.detail,
    };
    items.push({ index, entry });
  }

  const { concurrency = DEFAULT_CONCURRENCY, patienceMs = DEFAULT_PATIENCE_MS } = options;
  const patience = { patienceMs, signal, wait: backoff, clock: () => performance.now() };
  const bus = options.putEvents ? { putEvents: options.putEvents, close: () => {} } : openAwsBus(options);
  try {
    const put = async (batch: Item[]): Promise<UnpublishedEvent[]> => {
      const failures = await putBatch(bus.putEvents, batch, patience);
      return batch.flatMap((item, i) => unpublished(item, failures[i]) ?? []);
    };
    failed.push(...(await pMap(fillBatches(items), put, { concurrency })).flat());
  } finally {
    bus.close();
  }
  failed.sort((a, b) => a.index - b.index);
  return { published: events.length - failed.length, failed };
}

interface Item {
  readonly index: number;
  readonly entry: BusEntry;
}

function fixedOrFailure(event: unknown, source: ProducerSource): FixedEvent | UnpublishableEvent {
  try {
    return fixEvent(event, { source, id: randomUUID(), now: Date.now() });
  } catch (error) {
    if (error instanceof UnpublishableEvent) return error;
    throw error;
  }
}

const unpublished = ({ index, entry }: Item, failure: PutFailure | undefined): UnpublishedEvent | undefined =>
  failure && { index, event: JSON.parse(entry.Detail), ...failure };

/** The wait doubles. Up to half of it is random, so that what failed together is not tried again together. */
const backoff = (attempts: number): number =>
  (Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempts - 1)) * (1 + Math.random())) / 2;
