import { type LogQuery, parseLogQuery } from '../../shared/query/parameters.ts';
import type { LogStore } from '../../shared/store/log-store.ts';
import { WINDOW_FORMATS } from '../http/answer-formats/offered-formats.ts';
import { budget } from '../http/budget/budget.ts';
import { leastCost, UNCOMPRESSED } from '../http/budget/cost.ts';
import { estimateCost } from '../http/budget/estimate-cost.ts';
import { negotiateEncoding } from '../http/negotiate-encoding.ts';
import { negotiateFormat } from '../http/negotiate-format.ts';
import type { HttpRequest } from '../http/request.ts';
import { type HttpResponse, logsResponse } from '../http/responses.ts';
import { writeBody } from '../http/write-body.ts';
import { findLogs } from './find-logs.ts';

export interface QueryDependencies {
  readonly store: Pick<LogStore, 'collect'>;
  /** How long a request may take until its last byte, milliseconds. */
  readonly timeoutMs: number;
  /** How much memory the logs of one request may take, bytes. */
  readonly memoryBytes: number;
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
export function query({ store, timeoutMs, memoryBytes, now, onQuery }: QueryDependencies) {
  const find = findLogs(store);
  return async (request: HttpRequest): Promise<HttpResponse> => {
    const asked = now();
    const deadline = request.receivedAt + timeoutMs;
    const wanted = parseLogQuery(request.parameters, asked);
    onQuery?.(request, wanted);
    const format = negotiateFormat(request.header('Accept'), WINDOW_FORMATS);
    const encoding = negotiateEncoding(request.header('Accept-Encoding'));

    const limits = budget({ deadline, memoryBytes, now, format });
    const found = await find(wanted, asked, limits, leastCost(encoding));
    if (!found.fit(UNCOMPRESSED)) {
      const cost = await estimateCost(found.collection, format, encoding);
      if (!found.fit(cost)) throw await found.requestTimeout(cost);
    }

    const cut = AbortSignal.timeout(Math.max(0, deadline - now()));
    const body = request.method === 'HEAD' ? '' : writeBody(found.collection, format, encoding, cut);
    const { results } = found.collection;
    const headers = { ...format.headers(results), 'End-Time': wanted.endTime };
    return logsResponse({ results, format, offered: WINDOW_FORMATS, encoding, headers, body });
  };
}
