import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  DAMAGED_SLOTS,
  OPEN_SLOT_AGE,
  OPEN_SLOTS,
  ROLLED_FORWARD,
  VOIDED_SLOTS,
} from '../../shared/feed/feed-metrics.ts';
import { type ResolveReport, ResolvingIncomplete } from '../../shared/feed/resolve.ts';
import type { ResolveRequest } from '../../shared/feed/resolve-request.ts';
import { errorName } from '../error-name.ts';

/** What became of a request that one or more messages made. */
export type Resolution = {
  readonly messageIds: readonly string[];
} & (
  | { readonly request: ResolveRequest; readonly report: ResolveReport; readonly error?: never }
  | { readonly request?: ResolveRequest; readonly report?: never; readonly error: unknown }
);

export type ReportResolving = (resolutions: readonly Resolution[]) => void;

/**
 * Counts what resolving did, and logs it, and failures. Open slots are counted only where the request was for all of
 * them: then the numbers are those of the whole feed, and an alarm can wait for them.
 */
export function resolveReporter(logger: Logger, metrics: Metrics): ReportResolving {
  return (resolutions) => {
    const counts = { [ROLLED_FORWARD]: 0, [VOIDED_SLOTS]: 0, [DAMAGED_SLOTS]: 0 };
    for (const { messageIds, request, report: whole, error } of resolutions) {
      if (whole === undefined) {
        const reason = error instanceof ResolvingIncomplete ? error.cause : error;
        logger.error('a request to resolve goes back to the queue', {
          messageIds,
          request,
          error: errorName(reason),
        });
      }
      const report = error instanceof ResolvingIncomplete ? error.report : whole;
      if (report === undefined) continue;
      counts[ROLLED_FORWARD] += report.rolledForward;
      counts[VOIDED_SLOTS] += report.voided;
      counts[DAMAGED_SLOTS] += report.damaged;
      if (report.damaged > 0) logger.error('slots of the feed cannot be read', { request, ...report });
      else if (report.rolledForward + report.voided > 0)
        logger.warn('slots resolved', { request, ...report });
      const { openSlots, openSlotAge } = report;
      if (openSlots !== undefined) metrics.addMetric(OPEN_SLOTS, MetricUnit.Count, openSlots);
      if (openSlotAge !== undefined) metrics.addMetric(OPEN_SLOT_AGE, MetricUnit.Seconds, openSlotAge);
    }
    for (const [name, count] of Object.entries(counts)) metrics.addMetric(name, MetricUnit.Count, count);
    metrics.publishStoredMetrics();
  };
}
