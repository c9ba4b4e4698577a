import middy from '@middy/core';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import type { Context, StreamifyHandler } from 'aws-lambda';
import { type GatewayEvent, requestFromGateway } from './api-gateway.ts';
import { type IdentifyCaller, sentApiKey } from './api-key.ts';
import { withBreakableResponse } from './breakable-response.ts';
import type { Caller } from './caller.ts';
import { requireReadingMethod } from './method.ts';
import type { HttpRequest } from './request.ts';
import type { RequestReport } from './request-report.ts';
import type { HttpResponse } from './responses.ts';

export interface PublicHandlerOptions {
  readonly report: Pick<RequestReport, 'middleware' | 'requestEnd'>;
  /** Answers a request whose method is right. */
  readonly answer: (request: HttpRequest, context: Context) => Promise<HttpResponse>;
}

export interface ReadingHandlerOptions {
  readonly report: Pick<RequestReport, 'middleware' | 'noteCaller' | 'requestEnd'>;
  /** Takes the key that the caller sent, and says whose it is. It throws if it is nobody's. */
  readonly identifyCaller: IdentifyCaller;
  /** Answers a request whose method and key are right. */
  readonly answer: (request: HttpRequest, caller: Caller, context: Context) => Promise<HttpResponse>;
}

/**
 * Makes the handler of a function that hands out logs behind the gateway: it checks the method, then the key, and streams
 * the answer (docs/contract.md#reading-logs).
 */
export const readingHandler = ({ report, identifyCaller, answer }: ReadingHandlerOptions) =>
  publicHandler({
    report,
    answer: async (request, context) => {
      const caller = await identifyCaller(sentApiKey(request));
      report.noteCaller(request, caller);
      return answer(request, caller, context);
    },
  });

/** Makes the handler of a function that anybody may read, without a key: it checks the method, and streams the answer. */
export function publicHandler({ report, answer }: PublicHandlerOptions) {
  const streamed = middy<HttpRequest>({
    executionMode: executionModeStreamifyResponse,
    requestEnd: report.requestEnd,
  })
    .use(report.middleware)
    .before(({ event }) => requireReadingMethod(event.method))
    .handler(answer);

  /** middy's types do not know that its handler takes the stream of the response. */
  const stream = streamed as unknown as StreamifyHandler<HttpRequest>;

  return withBreakableResponse<GatewayEvent>((event, response, context) =>
    stream(requestFromGateway(event, Date.now()), response, context),
  );
}
