import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { DELIVERED, REMAINING_LIFETIME, UNDELIVERED_AGE } from '../../shared/delivery-metrics.ts';
import { SECOND } from '../../shared/time.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { Settled, Step } from './retry-policy.ts';

type MessageId = Pick<QueueMessage, 'messageId'>;

export interface Report {
  /**
   * A message was processed.
   *
   * @param startedAt epoch milliseconds
   * @param endedAt epoch milliseconds
   */
  settled(message: MessageId, settled: Settled, step: Step, startedAt: number, endedAt: number): void;
  /**
   * A message came before it is due, because SQS cannot delay it as long.
   *
   * @param now epoch milliseconds
   */
  notDue(state: DeliveryState, now: number): void;
  /** A message could not be sent to another queue, and stays in its own. */
  leftInQueue(message: MessageId, error: string): void;
  /** What became of a delivery could not be recorded. */
  notRecorded(message: MessageId, error: string): void;
}

const NOT_IN_TABLE =
  'a message names a log that is not in the table: it was never stored, or expired long ago';

/** Outcomes without an attempt. */
const NOT_TRIED: ReadonlySet<Settled['kind']> = new Set(['postponed', 'overtaken', 'expired', 'missing']);

const COUNTED_AS = {
  delivered: DELIVERED,
  failed: 'Failed',
  denied: 'Failed',
  refused: 'Refused',
  unusable: 'Refused',
  expired: 'Expired',
  missing: 'Missing',
  overtaken: 'Overtaken',
  postponed: 'Postponed',
} as const;

/** Counts attempts by their outcome, and logs each failure: ids and reasons, nothing of the log or the payload. */
export function reporter(logger: Logger, metrics: Metrics): Report {
  const remaining = (ms: number) =>
    metrics.addMetric(REMAINING_LIFETIME, MetricUnit.Seconds, Math.max(0, ms) / SECOND);

  const ended = (kind: Settled['kind'], messageId: string, ms: number): void => {
    if (kind === 'delivered') logger.debug('log delivered', { messageId, ms });
    else if (kind === 'overtaken')
      logger.info('log was delivered by another message meanwhile', { messageId });
    else if (kind === 'missing') logger.warn(NOT_IN_TABLE, { messageId });
    else {
      remaining(0);
      logger.error('log expired before it could be delivered', { messageId });
    }
  };

  return {
    settled({ messageId }, settled, step, startedAt, endedAt) {
      const ms = endedAt - startedAt;
      const countedAs = COUNTED_AS[settled.kind];
      metrics.addMetric(countedAs, MetricUnit.Count, 1);
      if (countedAs === 'Failed') metrics.addMetric(DELIVERED, MetricUnit.Count, 0);
      if (!NOT_TRIED.has(settled.kind)) metrics.addMetric('DeliveryLatency', MetricUnit.Milliseconds, ms);
      if (step.kind === 'done') return ended(settled.kind, messageId, ms);
      const { attempts, reason, firstFailedAt, expiresAt } = step.state;
      const undeliveredMs = endedAt - firstFailedAt;
      const logFields = { messageId, attempts, reason, undeliveredMs, ms };
      metrics.addMetric(UNDELIVERED_AGE, MetricUnit.Seconds, undeliveredMs / SECOND);
      if (step.kind === 'giveUp') {
        metrics.addMetric('GivenUp', MetricUnit.Count, 1);
        logger.error('delivery given up', logFields);
        return;
      }
      if (expiresAt !== undefined) remaining(expiresAt - endedAt);
      if (settled.kind === 'postponed') {
        logger.debug('delivery postponed', logFields);
      } else {
        logger.warn('delivery failed, will be tried again', logFields);
      }
    },
    notDue({ expiresAt }, now) {
      if (expiresAt !== undefined) remaining(expiresAt - now);
    },
    leftInQueue({ messageId }, error) {
      const logFields = { messageId, error };
      logger.error('a message could not be put into another queue, and stays where it is', logFields);
    },
    notRecorded({ messageId }, error) {
      metrics.addMetric('RecordsFailed', MetricUnit.Count, 1);
      logger.warn('what became of a delivery could not be recorded', { messageId, error });
    },
  };
}
