import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { UNDELIVERED_AGE } from '../../shared/delivery-metrics.ts';
import { SECOND } from '../../shared/time.ts';
import type { QueueMessage } from '../sqs-batch.ts';
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
  /** A message could not be sent to another queue, and stays in its own. */
  leftInQueue(message: MessageId, error: string): void;
}

const COUNTED_AS = {
  delivered: 'Delivered',
  failed: 'Failed',
  denied: 'Failed',
  refused: 'Refused',
  unusable: 'Refused',
  dropped: 'Dropped',
  postponed: 'Postponed',
} as const;

/** Counts attempts by their outcome, and logs each failure: ids and reasons, nothing of the log or the payload. */
export function reporter(logger: Logger, metrics: Metrics): Report {
  return {
    settled({ messageId }, settled, step, startedAt, endedAt) {
      const ms = endedAt - startedAt;
      metrics.addMetric(COUNTED_AS[settled.kind], MetricUnit.Count, 1);
      if (settled.kind !== 'postponed') metrics.addMetric('DeliveryLatency', MetricUnit.Milliseconds, ms);
      if (step.kind === 'done') {
        if (settled.kind === 'delivered') logger.debug('log delivered', { messageId, ms });
        else logger.info('log has expired before it could be delivered', { messageId });
        return;
      }
      const { attempts, reason, firstFailedAt } = step.state;
      const undeliveredMs = endedAt - firstFailedAt;
      const logFields = { messageId, attempts, reason, undeliveredMs, ms };
      metrics.addMetric(UNDELIVERED_AGE, MetricUnit.Seconds, undeliveredMs / SECOND);
      if (step.kind === 'giveUp') {
        metrics.addMetric('GivenUp', MetricUnit.Count, 1);
        logger.error('delivery given up', logFields);
      } else if (settled.kind === 'postponed') {
        logger.debug('delivery postponed', logFields);
      } else {
        logger.warn('delivery failed, will be tried again', logFields);
      }
    },
    leftInQueue({ messageId }, error) {
      const logFields = { messageId, error };
      logger.error('a message could not be put into another queue, and stays where it is', logFields);
    },
  };
}
