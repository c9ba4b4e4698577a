import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Start } from '../../shared/feed/begin-reading.ts';
import { DAMAGED_SLOTS, FEED_AGE } from '../../shared/feed/feed-metrics.ts';
import type { FeedAnswer } from '../../shared/feed/read-feed.ts';
import type { FeedQuery } from '../../shared/query/feed-parameters.ts';
import { SECOND } from '../../shared/time.ts';
import { errorName } from '../error-name.ts';
import type { ConsumerMetrics } from '../http/consumer-metrics.ts';
import type { HttpRequest } from '../http/request.ts';
import {
  type Facts,
  type ReportLogger,
  type ReportMetrics,
  type RequestReport,
  requestReport,
} from '../http/request-report.ts';
import { VARY } from '../http/responses.ts';

export interface FeedReport extends Pick<RequestReport, 'middleware' | 'noteCaller' | 'requestEnd'> {
  /** Notes what a request asks for, as soon as it is known. */
  noteQuery(request: HttpRequest, query: FeedQuery): void;
  /** Notes and counts what was read for a request. */
  noteAnswer(request: HttpRequest, answer: FeedAnswer, mediaType: string): void;
  /** Logs and counts a request to resolve a slot that could not be sent. */
  notAskedToResolve(error: unknown): void;
}

/**
 * Logs who read which part of the feed: one line for each request, with the times of storing between which it read, in
 * ISO 8601. Of a cursor it has the time. `ageMs` is how far behind now the
 * answer ended; its metric counts only answers without more, because a caller that catches up is no sign of a delay.
 *
 * @param now epoch milliseconds
 */
export function feedReport(
  logger: ReportLogger,
  metrics: ReportMetrics,
  now: () => number,
  consumers?: ConsumerMetrics,
): FeedReport {
  const { note, noteBehind, ...report } = requestReport(logger, metrics, VARY.byFormat, consumers);
  return {
    ...report,

    noteQuery: (request, { start, limit, applications }) => {
      note(request, { start: start.kind, ...startTime(start), limit, applications });
      if (start.kind === 'cursor') noteBehind(request, Math.max(0, now() - start.cursor.t));
    },

    noteAnswer: (request, { hasMore, gapSince, readUpTo, damaged }, mediaType) => {
      const ageMs = Math.max(0, now() - readUpTo);
      const hasGap = gapSince !== undefined;
      if (!hasMore) metrics.addMetric(FEED_AGE, MetricUnit.Seconds, ageMs / SECOND);
      metrics.addMetric(DAMAGED_SLOTS, MetricUnit.Count, damaged);
      metrics.addMetric('FeedGaps', MetricUnit.Count, hasGap ? 1 : 0);
      const readUntil = new Date(readUpTo).toISOString();
      note(request, { until: readUntil, format: mediaType, hasMore, gap: hasGap, ageMs });
    },

    notAskedToResolve: (error) => {
      metrics.addMetric('ResolveRequestsFailed', MetricUnit.Count, 1);
      logger.warn('a request to resolve a slot could not be sent', { error: errorName(error) });
    },
  };
}

/** From when on a request reads, as far as it says. */
function startTime(start: Start): Facts {
  if (start.kind === 'cursor') return { from: new Date(start.cursor.t).toISOString() };
  return start.kind === 'since' ? { from: new Date(start.since).toISOString() } : {};
}
