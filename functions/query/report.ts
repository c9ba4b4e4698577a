import type { LogQuery } from '../../shared/query/parameters.ts';
import type { ConsumerMetrics } from '../http/consumer-metrics.ts';
import type { HttpRequest } from '../http/request.ts';
import {
  type ReportLogger,
  type ReportMetrics,
  type RequestReport,
  requestReport,
} from '../http/request-report.ts';
import { VARY } from '../http/responses.ts';

export interface Reporting extends Pick<RequestReport, 'middleware' | 'noteCaller' | 'requestEnd'> {
  /** Notes what a request asks for, as soon as it is known. */
  note(request: HttpRequest, query: LogQuery): void;
}

/** Logs who read which window: one line for each request. Instants are in ISO 8601. */
export function reporting(
  logger: ReportLogger,
  metrics: ReportMetrics,
  consumers?: ConsumerMetrics,
): Reporting {
  const report = requestReport(logger, metrics, VARY.byEncoding, consumers);
  return {
    ...report,
    note: (request, { window, applications }) =>
      report.note(request, {
        from: new Date(window.from).toISOString(),
        until: new Date(window.until).toISOString(),
        applications,
      }),
  };
}
