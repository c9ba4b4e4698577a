import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj, Request } from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { HttpError } from '../../shared/errors.ts';
import type { LogQuery } from '../../shared/query/parameters.ts';
import { countedBody } from '../http/counted-body.ts';
import { errorForCaller, errorResponse, type StreamedResponse } from '../http/responses.ts';

export interface Reporting {
  /** Turns errors into responses, and counts answers by status. */
  readonly middleware: MiddlewareObj<APIGatewayProxyEvent, StreamedResponse>;
  /** Says what a request asks for, as soon as that is known. */
  note(event: APIGatewayProxyEvent, query: LogQuery): void;
  /** Says that the body has ended, whole or not; middy calls it. */
  requestEnd(request: Request): void;
}

/** What is known of a request under way. */
interface Progress {
  readonly startedAt: number;
  query?: LogQuery;
  /** Of the error it was answered with. */
  code?: string;
  bytes: () => number;
  isComplete: () => boolean;
}

/**
 * Says who read what: one line for each request, once its body has ended. No line has the key, the query as it was
 * sent, the user agent or anything of a log; `bytes` are those of the encoded body that went out. What went wrong on our
 * side has a line of its own.
 */
export function reporting(
  logger: Pick<Logger, 'addContext' | 'info' | 'error'>,
  metrics: Pick<Metrics, 'addMetric' | 'publishStoredMetrics'>,
): Reporting {
  const underWay = new WeakMap<object, Progress>();
  const progressOf = (event: object): Progress => {
    const known = underWay.get(event);
    if (known) return known;
    const progress = { startedAt: performance.now(), bytes: () => 0, isComplete: () => true };
    underWay.set(event, progress);
    return progress;
  };

  const count = ({ statusCode, headers }: StreamedResponse): void => {
    metrics.addMetric(`Status${statusCode}`, MetricUnit.Count, 1);
    if (statusCode === 200)
      metrics.addMetric('Results', MetricUnit.Count, Number(headers['Number-Of-Results']));
    metrics.publishStoredMetrics();
  };

  return {
    note: (event, query) => {
      progressOf(event).query = query;
    },

    middleware: {
      before: ({ event, context }) => {
        logger.addContext(context);
        progressOf(event);
      },

      after: (request) => {
        const { response, event } = request;
        if (!response) return;
        count(response);
        if (typeof response.body === 'string') return;
        response.body.once('error', (error) => logger.error('answer cut', error));
        const { body, bytes, isComplete } = countedBody(response.body);
        Object.assign(progressOf(event), { bytes, isComplete });
        request.response = { ...response, body };
      },

      onError: (request) => {
        const { error, event, context } = request;
        if (!(error instanceof HttpError)) logger.error('request failed', error as Error);
        const told = errorForCaller(error, context.awsRequestId);
        const response = errorResponse(told);
        const body = event.httpMethod === 'HEAD' ? '' : response.body;
        Object.assign(progressOf(event), { code: told.code, bytes: () => Buffer.byteLength(body) });
        request.response = { ...response, body };
        count(response);
      },
    },

    requestEnd: (request) => {
      const event = request.event as APIGatewayProxyEvent;
      const response = request.response as StreamedResponse;
      logger.info('request answered', describe(event, response, progressOf(event)));
    },
  };
}

/** Whole milliseconds, and instants in ISO 8601. */
function describe(
  { httpMethod, requestContext }: APIGatewayProxyEvent,
  { statusCode, headers }: StreamedResponse,
  { startedAt, query, code, bytes, isComplete }: Progress,
): Record<string, unknown> {
  return {
    gatewayRequestId: requestContext?.requestId,
    sourceAddress: requestContext?.identity?.sourceIp,
    method: httpMethod,
    status: statusCode,
    ...(code && { code }),
    ...(query && {
      from: new Date(query.window.from).toISOString(),
      until: new Date(query.window.until).toISOString(),
      applications: query.applications,
    }),
    ...(statusCode === 200 && {
      results: Number(headers['Number-Of-Results']),
      encoding: headers['Content-Encoding'] ?? 'identity',
    }),
    bytes: bytes(),
    ms: Math.round(performance.now() - startedAt),
    outcome: isComplete() ? 'complete' : 'cut',
  };
}
