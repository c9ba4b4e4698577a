import { explain } from '../../shared/errors.ts';
import { HttpError } from '../../shared/http-errors.ts';
import type { OcsfUser } from '../../shared/log/formats/ocsf/authentication.ts';
import { type LogQuery, parseLogQuery } from '../../shared/query/parameters.ts';
import { DEFAULT_OCSF_USER } from '../../shared/settings/ocsf-user.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import type { WindowFormat } from '../http/answer-formats/answer-format.ts';
import { WINDOW_FORMATS } from '../http/answer-formats/offered-formats.ts';
import { inLogFormat } from '../http/answer-formats/window-format.ts';
import { budget } from '../http/budget/budget.ts';
import { leastCost } from '../http/budget/cost.ts';
import { estimateCost } from '../http/budget/estimate-cost.ts';
import { type Caller, readableApplications } from '../http/caller.ts';
import { negotiateEncoding } from '../http/negotiate-encoding.ts';
import { negotiateFormat } from '../http/negotiate-format.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, logsResponse, VARY } from '../http/responses.ts';
import { writeBody } from '../http/write-body.ts';
import { findLogs } from './find-logs.ts';

export interface QueryDependencies {
  readonly store: Pick<LogStore, 'collect'>;
  /** How long a request may take until its last byte, milliseconds. */
  readonly timeoutMs: number;
  /** How much memory the logs of one request may take, bytes. */
  readonly memoryBytes: number;
  /** Who the user of an authentication is in OCSF. Default: `label.rid`. */
  readonly ocsfUser?: OcsfUser;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Is told what a request asks for, before it is answered. */
  readonly onQuery?: (request: HttpRequest, query: LogQuery) => void;
}

/**
 * Answers `GET /api/get-security-logs` (docs/contract.md#reading-logs): it collects all logs, then streams them
 * (docs/decisions/03-collect-then-stream.md). All errors of the store surface before the response starts. The parameters
 * are checked first, then what the caller accepts. `HEAD` does the same work, and has no body.
 *
 * The function cannot notice a caller who hangs up while it collects: the runtime opens the stream of the response with
 * the first byte written, and the Runtime API has no other way to tell. Until then the deadline and the memory limit end
 * the work. After that a broken stream does.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
 */
export function query({
  store,
  timeoutMs,
  memoryBytes,
  ocsfUser = DEFAULT_OCSF_USER,
  now,
  onQuery,
}: QueryDependencies) {
  const find = findLogs(store);
  return async (request: HttpRequest, caller: Caller): Promise<HttpResponse> => {
    const asked = now();
    const deadline = request.receivedAt + timeoutMs;
    const query = parseLogQuery(request.parameters, asked);
    const wanted = { ...query, applications: readableApplications(query.applications, caller) };
    onQuery?.(request, wanted);
    const framing = negotiateFormat(request.header('Accept'), WINDOW_FORMATS);
    const format = formatOf(wanted, framing, ocsfUser);
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));

    const limits = budget({ deadline, memoryBytes, now, format });
    const found = await find(wanted, asked, limits, leastCost(encoding), format.needsCreatedAt);
    if (!found.fit(format.mostCost)) {
      const cost = await estimateCost(found.collection, format, encoding);
      if (!found.fit(cost)) throw await found.requestTimeout(cost);
    }

    const cut = AbortSignal.timeout(Math.max(0, deadline - now()));
    const body =
      request.method === 'HEAD' ? '' : writeBody(found.collection, format, encoding, cut, wanted.order);
    const { results } = found.collection;
    const headers = { ...format.headers(results), 'End-Time': wanted.endTime };
    return logsResponse({ results, format, vary: VARY.byEncoding, encoding, headers, body });
  };
}

/** @throws HttpError 400 if the answer should have a last line and is not of lines */
function formatOf({ format, end }: LogQuery, framing: WindowFormat, ocsfUser: OcsfUser): WindowFormat {
  const framed = end === undefined ? framing : framing.withEndLine;
  if (framed === undefined) throw new HttpError('invalid_end', explain('end', end, END_NEEDS_LINES));
  return format === undefined ? framed : inLogFormat(framed, format, ocsfUser);
}

const END_NEEDS_LINES = 'line, only together with Accept: application/x-ndjson';
