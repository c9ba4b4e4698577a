import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { RejectionCode } from '../../shared/errors.ts';
import type { Corrections } from '../../shared/event/security-event.ts';

/** What became of one message. */
export type Outcome =
  | { readonly kind: 'stored' | 'duplicate'; readonly corrections: Corrections }
  | { readonly kind: 'rejected'; readonly code: RejectionCode }
  | { readonly kind: 'failed'; readonly error: unknown };

export type Report = (
  batch: ReadonlyArray<{ readonly messageId: string; readonly outcome: Outcome }>,
) => void;

/** Counts what became of each message, and logs what went wrong: ids and reasons, nothing of the events themselves. */
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
    for (const [name, count] of Object.entries({ ...counts, ...corrected })) {
      metrics.addMetric(name, MetricUnit.Count, count);
    }
    metrics.publishStoredMetrics();
  };
}

/** The name alone: messages of the AWS SDK may repeat what was sent. */
const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'UnknownError');
