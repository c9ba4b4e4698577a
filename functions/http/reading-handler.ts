import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context, StreamifyHandler } from 'aws-lambda';
import { type GatewayEvent, requestFromGateway } from './api-gateway.ts';
import { sentApiKey } from './api-key.ts';
import { withBreakableResponse } from './breakable-response.ts';
import { requireReadingMethod } from './method.ts';
import type { HttpRequest } from './request.ts';
import type { RequestReport } from './request-report.ts';
import type { HttpResponse } from './responses.ts';

export interface ReadingHandlerOptions {
  readonly report: Pick<RequestReport, 'middleware' | 'requestEnd'>;
  /** Takes the key that the caller sent. It throws if that is not the right one. If undefined, no key is needed. */
  readonly checkApiKey?: (sent: string | undefined) => Promise<void>;
  /** Answers a request whose method and key are right. */
  readonly answer: (request: HttpRequest, context: Context) => Promise<HttpResponse>;
}

/**
 * Makes the handler of a function that is read behind the gateway: it checks the method, then the key, and streams
 * the answer (docs/contract.md#reading-logs).
 */
export function readingHandler({ report, checkApiKey, answer }: ReadingHandlerOptions) {
  const streamed = middy<HttpRequest>({
    executionMode: executionModeStreamifyResponse,
    requestEnd: report.requestEnd,
  })
    .use(report.middleware)
    .before(({ event }) => requireReadingMethod(event.method))
    .before(({ event }) => checkApiKey?.(sentApiKey(event)))
    .handler(answer);

  /** middy's types do not know that its handler takes the stream of the response. */
  const stream = streamed as unknown as StreamifyHandler<HttpRequest>;

  return withBreakableResponse<GatewayEvent>((event, response, context) =>
    stream(requestFromGateway(event, Date.now()), response, context),
  );
}
