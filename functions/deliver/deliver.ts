import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { storedLogKey } from '../../shared/event/announcement.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { type LogKey, sortKeyTimestamp } from '../../shared/store/log-key.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import type { Backoff } from './backoff.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { deliveryId } from './delivery-id.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { type DeliveryState, readState } from './delivery-state.ts';
import type { Deliver, DeliveryOutcome } from './outcome.ts';
import { DeliveryFault, errorName, faultReason } from './reason.ts';
import type { Report } from './report.ts';
import { retryPolicy, type Settled } from './retry-policy.ts';

export interface DeliverDependencies {
  readonly store: Pick<LogStore, 'get'>;
  readonly service: Deliver;
  readonly breaker: CircuitBreaker;
  readonly queue: DeliveryQueue;
  readonly report: Report;
  readonly backoff: Backoff;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const NOT_TRIED = 'not tried: the service has failed several times in a row';

/**
 * Hands each log of a batch to the custom service, all at the same time: a slow one holds up no other. What was not
 * delivered goes to the retry queue as a new message, so that it neither counts as in flight nor stands before new
 * logs. The log is read back from the table, so that an announcement that was forged delivers nothing.
 */
export function deliverBatch(dependencies: DeliverDependencies) {
  const { store, service, breaker, queue, report, now } = dependencies;
  const nextStep = retryPolicy(dependencies.backoff);

  const attempt = async (key: LogKey, signal: AbortSignal): Promise<Settled> => {
    const json = await store.get(key, now(), signal).catch((error) => {
      throw new DeliveryFault(`the table could not be read: ${errorName(error)}`);
    });
    if (json === undefined) return { kind: 'dropped' };
    const delivery = { id: deliveryId(key), timestamp: sortKeyTimestamp(key.sortKey), json };
    const outcome = await service(delivery, signal);
    tell(breaker, outcome);
    return outcome;
  };

  const settle = async (record: SQSRecord, signal: AbortSignal): Promise<Settled> => {
    const key = storedLogKey(parseJson(record.body));
    if (key === undefined) return { kind: 'unusable', reason: 'not an announcement of a stored log' };
    if (breaker.state() === 'open') {
      return { kind: 'postponed', reason: NOT_TRIED, afterMs: breaker.remainingMs() };
    }
    return attempt(key, signal).catch((error) => ({ kind: 'failed', reason: faultReason(error) }));
  };

  const put = async (
    where: keyof DeliveryQueue,
    record: SQSRecord,
    state: DeliveryState,
  ): Promise<boolean> => {
    try {
      await queue[where](record, state);
      return true;
    } catch (error) {
      // The message is left where it is, and comes back after its visibility timeout.
      report.leftInQueue(record, errorName(error));
      return false;
    }
  };

  /** @returns whether the message can be deleted */
  const process = async (record: SQSRecord, signal: AbortSignal): Promise<boolean> => {
    const startedAt = now();
    const before = readState(record);
    if (before !== undefined && before.notBefore > startedAt) return put('retry', record, before);
    const settled = await settle(record, signal);
    const endedAt = now();
    const step = nextStep(settled, before, endedAt);
    report.settled(record, settled, step, startedAt, endedAt);
    return step.kind === 'done' || put(step.kind, record, step.state);
  };

  return async ({ Records }: SQSEvent, signal: AbortSignal): Promise<SQSBatchResponse> => {
    const undone: SQSRecord[] = [];
    const handle = async (record: SQSRecord): Promise<void> => {
      if (!(await process(record, signal))) undone.push(record);
    };
    const waiting = [...Records];
    // While the service is suspected to be dead, one log alone is tried; the rest of the batch follows its fate.
    while (breaker.state() === 'half-open') {
      const probe = waiting.shift();
      if (probe === undefined) break;
      await handle(probe);
    }
    await Promise.all(waiting.map(handle));
    return { batchItemFailures: undone.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

function tell(breaker: CircuitBreaker, { kind }: DeliveryOutcome): void {
  if (kind === 'failed') breaker.failed();
  else breaker.answered();
}
