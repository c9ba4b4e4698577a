import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RejectionCode } from '../../shared/errors.ts';
import { INGEST_LAG } from '../../shared/event/ingest-metrics.ts';
import type { Corrections } from '../../shared/event/security-event.ts';
import { SECOND } from '../../shared/time.ts';
import { errorName } from '../error-name.ts';

/** The outcome of one message. */
export type Outcome =
  | {
      readonly kind: 'stored';
      readonly corrections: Corrections;
      /** How long after its publishing the event was stored, milliseconds; undefined if that is not known. */
      readonly lagMs?: number | undefined;
    }
  | { readonly kind: 'duplicate'; readonly corrections: Corrections }
  | { readonly kind: 'rejected'; readonly code: RejectionCode }
  | { readonly kind: 'failed'; readonly error: unknown };

export type Report = (
  batch: ReadonlyArray<{ readonly messageId: string; readonly outcome: Outcome }>,
) => void;

/** Counts messages by their outcome, and logs rejections and failures: ids and reasons, nothing of the events. */
export function reporter(logger: Logger, metrics: Metrics): Report {
  return (batch) => {
    const counts = { Stored: 0, Duplicates: 0, Rejected: 0, Failed: 0 };
    const corrected = { UnknownFields: 0, ReplacedTimestamps: 0, ReplacedAppTypes: 0 };
    for (const { messageId, outcome } of batch) {
      switch (outcome.kind) {
        case 'rejected':
          counts.Rejected += 1;
          logger.warn('event rejected', { messageId, code: outcome.code });
          break;
        case 'failed':
          counts.Failed += 1;
          logger.error('event goes back to the queue', { messageId, error: errorName(outcome.error) });
          break;
        default:
          counts[outcome.kind === 'stored' ? 'Stored' : 'Duplicates'] += 1;
          corrected.UnknownFields += outcome.corrections.unknownFields;
          corrected.ReplacedTimestamps += outcome.corrections.replacedTimestamps;
          corrected.ReplacedAppTypes += outcome.corrections.replacedAppTypes;
      }
    }
    const lags = batch.flatMap(({ outcome }) => (outcome.kind === 'stored' ? (outcome.lagMs ?? []) : []));
    if (lags.length > 0) metrics.addMetric(INGEST_LAG, MetricUnit.Seconds, Math.max(...lags) / SECOND);
    for (const [name, count] of Object.entries({ ...counts, ...corrected })) {
      metrics.addMetric(name, MetricUnit.Count, count);
    }
    metrics.publishStoredMetrics();
  };
}
