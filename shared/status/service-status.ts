import { SECOND } from '../time.ts';
import type { LastStored } from './find-last-stored.ts';

/** What the figures of the status mean (docs/contract.md#the-status). */

/** How many messages are in a queue, as far as SQS knows. */
export interface QueueCounts {
  /** Messages that wait, are being processed, or are delayed. */
  readonly all: number;
}

/** Which custom service the settings have. `files`: files of many logs. */
export const CUSTOM_SERVICE_KINDS = ['none', 'each-log', 'files'] as const;
export type CustomServiceKind = (typeof CUSTOM_SERVICE_KINDS)[number];

export const DELIVERY_SWITCHES = ['running', 'paused', 'changing'] as const;

/** What was read of the delivery of each log. */
export interface DeliveryFigures {
  /** The states of the event source mappings, as Lambda names them. */
  readonly mappingStates: readonly string[];
  readonly fresh: QueueCounts;
  readonly retries: QueueCounts;
  readonly givenUp: QueueCounts;
}

export interface StatusFigures {
  readonly version: string;
  /** When the figures were read, epoch milliseconds. */
  readonly readAt: number;
  readonly lastStored: LastStored | undefined;
  readonly ingest: QueueCounts;
  readonly kind: CustomServiceKind;
  /** Only of the kind `each-log`. */
  readonly delivery: DeliveryFigures | undefined;
}

/** Writes the answer, as JSON has it. */
export function serviceStatus({ version, readAt, lastStored, ingest, kind, delivery }: StatusFigures) {
  return {
    generated_at: time(readAt),
    version,
    last_stored_at: lastStored ? time(lastStored.storedAt) : null,
    last_event_at: lastStored ? time(lastStored.eventAt) : null,
    ingest: {
      lag_seconds: lastStored ? Math.max(0, lastStored.storedAt - lastStored.eventAt) / SECOND : null,
      waiting: ingest.all,
    },
    custom_service: {
      kind,
      ...(delivery && {
        delivery: deliverySwitch(delivery.mappingStates),
        waiting: delivery.fresh.all,
        retrying: delivery.retries.all,
        given_up: delivery.givenUp.all,
      }),
    },
  };
}

/**
 * Whether logs are handed over. `changing` while Lambda switches it, or if only one of the queues is paused.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_EventSourceMappingConfiguration.html
 */
export function deliverySwitch(states: readonly string[]): (typeof DELIVERY_SWITCHES)[number] {
  if (states.every((state) => state === 'Enabled')) return 'running';
  return states.every((state) => state === 'Disabled') ? 'paused' : 'changing';
}

const time = (instant: number): string => new Date(instant).toISOString();
