import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { SQSRecord } from 'aws-lambda';
import type { DeliveryOutcome } from './outcome.ts';

/** What became of a message; `dropped` because its log is not in the table any more. */
export type Settled = DeliveryOutcome | { readonly kind: 'dropped' };

/** @param ms how long the attempt took */
export type Report = (record: SQSRecord, settled: Settled, ms: number) => void;

const COUNTED_AS = {
  delivered: 'Delivered',
  failed: 'Failed',
  refused: 'Refused',
  dropped: 'Dropped',
} as const;

/** Counts attempts by their outcome, and logs each that was no success: nothing of the log, nothing of the payload. */
export function reporter(logger: Logger, metrics: Metrics): Report {
  return ({ messageId, attributes }, settled, ms) => {
    metrics.addMetric(COUNTED_AS[settled.kind], MetricUnit.Count, 1);
    metrics.addMetric('DeliveryLatency', MetricUnit.Milliseconds, ms);
    const words = { messageId, attempt: Number(attributes.ApproximateReceiveCount), ms };
    switch (settled.kind) {
      case 'delivered':
        logger.debug('log delivered', words);
        break;
      case 'dropped':
        logger.info('log has expired before it could be delivered', words);
        break;
      case 'failed':
        logger.warn('delivery failed, will be tried again', { ...words, reason: settled.reason });
        break;
      case 'refused':
        logger.error('delivery given up', { ...words, reason: settled.reason });
    }
  };
}
