import type { APIGatewayProxyEvent } from 'aws-lambda';
import { parseLogQuery } from '../../shared/log-query.ts';
import type { LogStore } from '../../shared/log-store.ts';
import { budget } from './budget.ts';
import { findLogs } from './find-logs.ts';
import { logsResponse, type StreamedResponse } from './responses.ts';

export interface QueryDependencies {
  readonly store: Pick<LogStore, 'collect'>;
  /** How long a request may take until its last byte, milliseconds. */
  readonly timeoutMs: number;
  /** How much memory the logs of one request may take, bytes. */
  readonly memoryBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Answers `GET /api/get-security-logs` (contract section 5): collect, then stream (design section 3). Whatever can go
 * wrong in the store has gone wrong before the first byte.
 */
export function query({ store, timeoutMs, memoryBytes, now }: QueryDependencies) {
  const find = findLogs(store);
  return async (event: APIGatewayProxyEvent): Promise<StreamedResponse> => {
    const asked = now();
    // The caller's time runs since the gateway took the request, a cold start of this function included.
    const deadline = Math.min(event.requestContext.requestTimeEpoch, asked) + timeoutMs;
    const collection = await find(
      parseLogQuery(event.multiValueQueryStringParameters ?? {}, asked),
      asked,
      budget(deadline, memoryBytes, now),
    );
    return logsResponse(collection, AbortSignal.timeout(Math.max(0, deadline - now())));
  };
}
