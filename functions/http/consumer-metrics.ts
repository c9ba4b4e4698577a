import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CONSUMER_BEHIND, CONSUMER_READS, KEY_DIMENSION } from '../../shared/consumer-metrics.ts';
import { SECOND } from '../../shared/time.ts';

export interface ConsumerMetrics {
  /**
   * Counts an answer with 200.
   *
   * @param behindMs how old the oldest unread log may be, milliseconds; undefined if that is not known
   */
  read(keyName: string, behindMs: number | undefined): void;
}

/**
 * Counts what registered consumers read (docs/settings.md#alarms). Others are not counted: each key is a dimension, and
 * CloudWatch charges for each.
 *
 * @param metrics of its own, whose service is CONSUMERS_SERVICE
 */
export const consumerMetrics = (
  metrics: Pick<Metrics, 'addDimension' | 'addMetric' | 'publishStoredMetrics'>,
  registeredKeys: readonly string[],
): ConsumerMetrics => ({
  read(keyName, behindMs) {
    if (!registeredKeys.includes(keyName)) return;
    metrics.addDimension(KEY_DIMENSION, keyName);
    metrics.addMetric(CONSUMER_READS, MetricUnit.Count, 1);
    if (behindMs !== undefined) metrics.addMetric(CONSUMER_BEHIND, MetricUnit.Seconds, behindMs / SECOND);
    metrics.publishStoredMetrics();
  },
});
