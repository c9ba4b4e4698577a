import { storedLogKey } from '../../shared/event/announcement.ts';
import type { WriteLog } from '../../shared/log/formats/log-format.ts';
import { parseJson } from '../../shared/parse-json.ts';
import { type LogKey, sortKeyId, sortKeyTimestamp } from '../../shared/store/log-key.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import { errorName } from '../error-name.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import type { Backoff } from './backoff.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { deliveryId } from './delivery-id.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { type DeliveryState, readState } from './delivery-state.ts';
import type { Deliver, DeliveryOutcome } from './outcome.ts';
import { DeliveryFault, faultReason } from './reason.ts';
import type { Report } from './report.ts';
import { retryPolicy, type Settled } from './retry-policy.ts';

export interface DeliverDependencies {
  readonly store: Pick<LogStore, 'get'>;
  readonly service: Deliver;
  /** Writes a log as the service gets it. */
  readonly write: WriteLog;
  readonly breaker: CircuitBreaker;
  readonly queue: DeliveryQueue;
  readonly report: Report;
  readonly backoff: Backoff;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

const NOT_TRIED = 'not tried: the service has failed several times in a row';

/**
 * Hands each log of a batch to the custom service, all at the same time: a slow delivery delays no other. A log that
 * was not delivered goes to the retry queue as a new message, so that it neither counts as in flight nor delays new
 * logs. The log is read back from the table, so a forged announcement delivers nothing.
 *
 * @returns a function that gives the ids of the messages that stay in their queue
 */
export function deliverBatch(dependencies: DeliverDependencies) {
  const { store, service, write, breaker, queue, report, now } = dependencies;
  const nextStep = retryPolicy(dependencies.backoff);

  const attempt = async (key: LogKey, signal: AbortSignal): Promise<Settled> => {
    const log = await store.get(key, now(), signal).catch((error) => {
      throw new DeliveryFault(`the table could not be read: ${errorName(error)}`);
    });
    if (log === undefined) return { kind: 'dropped' };
    const json = write({ ...log, id: sortKeyId(key.sortKey) }).toString();
    const delivery = { id: deliveryId(key), timestamp: sortKeyTimestamp(key.sortKey), json };
    const outcome = await service(delivery, signal);
    updateBreaker(breaker, outcome);
    return outcome;
  };

  const settle = async (message: QueueMessage, signal: AbortSignal): Promise<Settled> => {
    const key = storedLogKey(parseJson(message.body));
    if (key === undefined) return { kind: 'unusable', reason: 'not an announcement of a stored log' };
    if (breaker.state() === 'open') {
      return { kind: 'postponed', reason: NOT_TRIED, afterMs: breaker.remainingMs() };
    }
    return attempt(key, signal).catch((error) => ({ kind: 'failed', reason: faultReason(error) }));
  };

  const requeue = async (
    where: keyof DeliveryQueue,
    message: QueueMessage,
    state: DeliveryState,
  ): Promise<boolean> => {
    try {
      await queue[where](message, state);
      return true;
    } catch (error) {
      // The message stays in its queue, and is received again after its visibility timeout.
      report.leftInQueue(message, errorName(error));
      return false;
    }
  };

  /** @returns whether the message can be deleted */
  const process = async (message: QueueMessage, signal: AbortSignal): Promise<boolean> => {
    const startedAt = now();
    const before = readState(message);
    if (before !== undefined && before.notBefore > startedAt) return requeue('retry', message, before);
    const settled = await settle(message, signal);
    const endedAt = now();
    const step = nextStep(settled, before, endedAt);
    report.settled(message, settled, step, startedAt, endedAt);
    return step.kind === 'done' || requeue(step.kind, message, step.state);
  };

  return async (messages: readonly QueueMessage[], signal: AbortSignal): Promise<string[]> => {
    const unfinished: string[] = [];
    const handle = async (message: QueueMessage): Promise<void> => {
      if (!(await process(message, signal))) unfinished.push(message.messageId);
    };
    const waiting = [...messages];
    // While the breaker is half-open, one log at a time is tried; if it fails, the rest of the batch is postponed.
    while (breaker.state() === 'half-open') {
      const probe = waiting.shift();
      if (probe === undefined) break;
      await handle(probe);
    }
    await Promise.all(waiting.map(handle));
    return unfinished;
  };
}

function updateBreaker(breaker: CircuitBreaker, { kind }: DeliveryOutcome): void {
  if (kind === 'failed') breaker.failed();
  else breaker.answered();
}
