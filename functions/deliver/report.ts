import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import { UNDELIVERED_AGE } from '../../shared/delivery-metrics.ts';
import type { Settled, Step } from './retry-policy.ts';

export interface Report {
  /** @param startedAt and `endedAt`, epoch milliseconds */
  settled(record: SQSRecord, settled: Settled, step: Step, startedAt: number, endedAt: number): void;
  /** A message that should have gone to another queue stays in its own. */
  leftInQueue(record: SQSRecord, error: string): void;
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

/** Counts attempts by their outcome, and logs each that was no success: nothing of the log, nothing of the payload. */
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
      const words = { messageId, attempts, reason, undeliveredMs, ms };
      metrics.addMetric(UNDELIVERED_AGE, MetricUnit.Seconds, undeliveredMs / 1000);
      if (step.kind === 'giveUp') {
        metrics.addMetric('GivenUp', MetricUnit.Count, 1);
        logger.error('delivery given up', words);
      } else if (settled.kind === 'postponed') {
        logger.debug('delivery postponed', words);
      } else {
        logger.warn('delivery failed, will be tried again', words);
      }
    },
    leftInQueue({ messageId }, error) {
      const words = { messageId, error };
      logger.error('a message could not be put into another queue, and stays where it is', words);
    },
  };
}
