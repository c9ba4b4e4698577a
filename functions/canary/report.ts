import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { CANARY_FAILED, FRESHNESS } from '../../shared/canary-metrics.ts';
import type { Way } from '../../shared/round-trip/round-trip.ts';
import { SECOND } from '../../shared/time.ts';

export interface CanaryReport {
  /** @param afterMs from publishing, milliseconds */
  readable(way: Way, afterMs: number): void;
  passed(): void;
  /** @param error says which step failed, and why */
  failed(error: Error): void;
}

/** Counts how soon the log of a run could be read, and whether the run failed. A line says why. */
export const canaryReport = (
  logger: Pick<Logger, 'error'>,
  metrics: Pick<Metrics, 'addMetric'>,
): CanaryReport => ({
  readable: (way, afterMs) => metrics.addMetric(FRESHNESS[way], MetricUnit.Seconds, afterMs / SECOND),
  passed: () => metrics.addMetric(CANARY_FAILED, MetricUnit.Count, 0),
  failed({ message }) {
    metrics.addMetric(CANARY_FAILED, MetricUnit.Count, 1);
    logger.error('the canary failed', { reason: message });
  },
});
