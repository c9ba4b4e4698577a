import { deliveryId } from '../../shared/delivery/delivery-id.ts';
import { storedLogKey } from '../../shared/event/announcement.ts';
import type { WriteLog } from '../../shared/log/formats/log-format.ts';
import { parseJson } from '../../shared/parse-json.ts';
import type { RecordDelivery } from '../../shared/store/delivery-writer.ts';
import { type LogKey, sortKeyId, sortKeyTimestamp } from '../../shared/store/log-key.ts';
import type { FoundLog, LogStore } from '../../shared/store/log-store.ts';
import { SECOND } from '../../shared/time.ts';
import { errorName } from '../error-name.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import type { Backoff } from './backoff.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { DeliveryQueue } from './delivery-queue.ts';
import { ATTRIBUTE, type DeliveryState, readState } from './delivery-state.ts';
import type { Deliver, Delivery, DeliveryOutcome } from './outcome.ts';
import { DeliveryFault, faultReason } from './reason.ts';
import { type Attempt, recordOf } from './record.ts';
import type { Report } from './report.ts';
import { retryPolicy, type Settled, type Step } from './retry-policy.ts';
import type { StartTurns, WaitForTurn } from './turns.ts';

export interface DeliverDependencies {
  readonly store: Pick<LogStore, 'get'>;
  /** Records in the log's item what became of an attempt. */
  readonly record: RecordDelivery;
  /** How long a log can be read after it was stored, milliseconds. */
  readonly lifetime: number;
  readonly service: Deliver;
  /** Writes a log as the service gets it. */
  readonly write: WriteLog;
  readonly breaker: CircuitBreaker;
  /** Gives the attempts of a batch their turns. */
  readonly startTurns: StartTurns;
  readonly queue: DeliveryQueue;
  readonly report: Report;
  readonly backoff: Backoff;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long a record may take. A delivery neither fails nor is repeated because it could not be recorded. */
const RECORDING_MS = 2 * SECOND;

/** What came of one receipt of a message. */
interface Receipt {
  readonly settled: Settled;
  /** The key that the message names. */
  readonly key?: LogKey;
  /** The log, if it was found. */
  readonly log?: FoundLog | undefined;
  readonly attempt?: Attempt;
}

const EXPIRED: Settled = { kind: 'expired' };
const NOT_TRIED = 'not tried: the service has failed several times in a row';
const NO_TURN = 'not tried: its turn had not come before the function had to end';

/**
 * Hands each log of a batch to the custom service, all at the same time: a slow delivery delays no other. A log that
 * was not delivered goes to the retry queue as a new message, so that it neither counts as in flight nor delays new
 * logs. The log is read back from the table, so a forged announcement delivers nothing.
 *
 * @returns a function that gives the ids of the messages that stay in their queue
 */
export function deliverBatch(dependencies: DeliverDependencies) {
  const { store, service, write, breaker, startTurns, queue, report, record, lifetime, now } = dependencies;
  const nextStep = retryPolicy(dependencies.backoff);

  /** When the lifetime of a log ends at the latest: it was stored before its first message was sent. */
  const latestEnd = ({ sentAt }: QueueMessage, before: DeliveryState | undefined): number =>
    before?.expiresAt ?? sentAt + lifetime;

  const attempt = async (delivery: Delivery, signal: AbortSignal): Promise<Omit<Receipt, 'key' | 'log'>> => {
    const startedAt = now();
    const settled = await service(delivery, signal).then(
      (outcome) => {
        updateBreaker(breaker, outcome);
        return outcome;
      },
      (error): Settled => ({ kind: 'failed', reason: faultReason(error) }),
    );
    return { settled, attempt: { startedAt, ms: now() - startedAt } };
  };

  const spared = (): Settled => ({
    kind: 'postponed',
    reason: NOT_TRIED,
    afterMs: breaker.remainingMs(),
  });

  const receive = async (
    message: QueueMessage,
    before: DeliveryState | undefined,
    turn: WaitForTurn,
    signal: AbortSignal,
  ): Promise<Receipt> => {
    const key = storedLogKey(parseJson(message.body));
    if (key === undefined)
      return { settled: { kind: 'unusable', reason: 'not an announcement of a stored log' } };
    if (latestEnd(message, before) <= now()) return { settled: EXPIRED, key };
    if (breaker.state() === 'open') return { settled: spared(), key };
    try {
      const log = await store.get(key, now(), signal).catch((error) => {
        throw new DeliveryFault(`the table could not be read: ${errorName(error)}`);
      });
      // The function has seen the log of a message that it sent itself: DynamoDB has deleted it since.
      if (log === undefined) return { settled: before === undefined ? { kind: 'missing' } : EXPIRED, key };
      if (log.json === undefined) return { settled: EXPIRED, key, log };
      if ((log.deliveredAt ?? Number.NEGATIVE_INFINITY) > firstFailureOf(message))
        return { settled: { kind: 'overtaken' }, key, log };
      const json = write({ ...log, json: log.json, id: sortKeyId(key.sortKey) }).toString();
      const delivery = { id: deliveryId(key), timestamp: sortKeyTimestamp(key.sortKey), json };
      if (!(await turn(signal)))
        return { settled: { kind: 'postponed', reason: NO_TURN, afterMs: 0 }, key, log };
      // Others may have failed while it waited.
      if (breaker.state() === 'open') return { settled: spared(), key, log };
      return { ...(await attempt(delivery, signal)), key, log };
    } catch (error) {
      const settled: Settled = { kind: 'failed', reason: faultReason(error) };
      return { settled, key, attempt: { startedAt: now(), ms: 0 } };
    }
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

  const recordReceipt = async (
    message: QueueMessage,
    { settled, key, log, attempt }: Receipt,
    step: Step,
    before: DeliveryState | undefined,
  ): Promise<void> => {
    const made = recordOf(settled, step, before, attempt, now());
    if (key === undefined || made === undefined) return;
    try {
      await record(key, made, log?.itemBytes, AbortSignal.timeout(RECORDING_MS));
    } catch (error) {
      report.notRecorded(message, errorName(error));
    }
  };

  /** @returns whether the message can be deleted */
  const process = async (message: QueueMessage, turn: WaitForTurn, signal: AbortSignal): Promise<boolean> => {
    const startedAt = now();
    const before = readState(message);
    const isDue = before === undefined || before.notBefore <= startedAt;
    if (!isDue && latestEnd(message, before) > startedAt) {
      report.notDue(before, startedAt);
      return requeue('retry', message, before);
    }
    const receipt = await receive(message, before, turn, signal);
    const endedAt = now();
    const expiresAt = receipt.log?.readableUntil ?? latestEnd(message, before);
    const step = nextStep(receipt.settled, before, endedAt, expiresAt);
    report.settled(message, receipt.settled, step, startedAt, endedAt);
    const [isDone] = await Promise.all([
      step.kind === 'done' || requeue(step.kind, message, step.state),
      recordReceipt(message, receipt, step, before),
    ]);
    return isDone;
  };

  return async (messages: readonly QueueMessage[], signal: AbortSignal): Promise<string[]> => {
    const unfinished: string[] = [];
    const turn = startTurns(messages.length);
    const handle = async (message: QueueMessage): Promise<void> => {
      if (!(await process(message, turn, signal))) unfinished.push(message.messageId);
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

/** When a message failed for the first time, epoch milliseconds, a dead letter that was put back included. */
const firstFailureOf = ({ attributes }: QueueMessage): number =>
  Number(attributes[ATTRIBUTE.firstFailedAt] ?? Number.POSITIVE_INFINITY);

function updateBreaker(breaker: CircuitBreaker, { kind }: DeliveryOutcome): void {
  if (kind === 'failed') breaker.failed();
  else breaker.answered();
}
