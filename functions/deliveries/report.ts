import type { DeliveryQuery } from '../../shared/query/delivery-parameters.ts';
import type { HttpRequest } from '../http/request.ts';
import {
  type ReportLogger,
  type ReportMetrics,
  type RequestReport,
  requestReport,
} from '../http/request-report.ts';
import { VARY } from '../http/responses.ts';

export interface DeliveriesReport extends Pick<RequestReport, 'middleware' | 'noteCaller' | 'requestEnd'> {
  /** Notes what a request asks for, as soon as it is known. */
  noteQuery(request: HttpRequest, query: DeliveryQuery): void;
}

/** Logs who asked for which deliveries: one line for each request, without ids, cursors and anything of a log. */
export function deliveriesReport(logger: ReportLogger, metrics: ReportMetrics): DeliveriesReport {
  const { note, ...report } = requestReport(logger, metrics, VARY.byFormat);
  return {
    ...report,
    noteQuery: (request, { window, states, applications, limit, id, after }) =>
      note(request, {
        from: new Date(window.from).toISOString(),
        // The open end is the first instant that no log can have, which has no date.
        until: new Date(window.until - 1).toISOString(),
        states: states === undefined ? 'all' : [...states],
        applications,
        limit,
        oneLog: id !== undefined,
        goesOn: after !== undefined,
      }),
  };
}
