import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Request as Invocation, MiddlewareObj } from '@middy/core';
import { HttpError } from '../../shared/http-errors.ts';
import type { Caller } from './caller.ts';
import type { ConsumerMetrics } from './consumer-metrics.ts';
import { countedBody } from './counted-body.ts';
import type { HttpRequest } from './request.ts';
import { errorForCaller, errorResponse, type HttpResponse, type Vary } from './responses.ts';

export interface RequestReport {
  /** Turns errors into responses, and counts answers by status. */
  readonly middleware: MiddlewareObj<HttpRequest, HttpResponse>;
  /** Notes who sent a request, by the name of the key. */
  noteCaller(request: HttpRequest, caller: Caller): void;
  /** Notes more that is known of a request, for its line. */
  note(request: HttpRequest, facts: Facts): void;
  /** Notes how old the oldest log may be that the caller had not read when it asked, milliseconds. */
  noteBehind(request: HttpRequest, behindMs: number): void;
  /** Logs the request once its body has ended, complete or cut. middy calls it. */
  requestEnd(invocation: Invocation): void;
}

/** What a line says of a request, by name. */
export type Facts = Readonly<Record<string, unknown>>;

export type ReportLogger = Pick<Logger, 'addContext' | 'info' | 'warn' | 'error'>;
export type ReportMetrics = Pick<Metrics, 'addMetric' | 'publishStoredMetrics'>;

/** What is known of a request that is being answered. */
interface Progress {
  readonly startedAt: number;
  facts: Facts;
  keyName?: string;
  behindMs?: number;
  /** The code of the error that was answered. */
  code?: string;
  bytes: () => number;
  isComplete: () => boolean;
}

/**
 * Logs who read what (docs/deploy.md#who-read-what): one line for each request, once its body has ended. `bytes` counts the body as it was sent,
 * compressed. No line has the API key, the query string, the user agent or anything of a security log. A fault of the
 * service has a line of its own.
 *
 * @param vary what the function's errors depend on
 * @param consumers counts what registered consumers read; without it, nobody does
 */
export function requestReport(
  logger: ReportLogger,
  metrics: ReportMetrics,
  vary: Vary,
  consumers?: ConsumerMetrics,
): RequestReport {
  const underWay = new WeakMap<HttpRequest, Progress>();
  const progressOf = (request: HttpRequest): Progress => {
    const known = underWay.get(request);
    if (known) return known;
    const progress = { startedAt: performance.now(), facts: {}, bytes: () => 0, isComplete: () => true };
    underWay.set(request, progress);
    return progress;
  };

  const count = ({ statusCode, headers }: HttpResponse): void => {
    metrics.addMetric(`Status${statusCode}`, MetricUnit.Count, 1);
    if (headers['Number-Of-Results'] !== undefined)
      metrics.addMetric('Results', MetricUnit.Count, Number(headers['Number-Of-Results']));
    metrics.publishStoredMetrics();
  };

  const note = (request: HttpRequest, facts: Facts): void => {
    const progress = progressOf(request);
    progress.facts = { ...progress.facts, ...facts };
  };

  return {
    note,
    noteCaller: (request, { keyName }) => {
      progressOf(request).keyName = keyName;
      note(request, { key: keyName });
    },
    noteBehind: (request, behindMs) => {
      progressOf(request).behindMs = behindMs;
    },

    middleware: {
      before: ({ event: request, context }) => {
        logger.addContext(context);
        progressOf(request);
      },

      after: (invocation) => {
        const { response, event: request } = invocation;
        if (!response) return;
        count(response);
        const { keyName, behindMs } = progressOf(request);
        if (response.statusCode === 200 && keyName !== undefined) consumers?.read(keyName, behindMs);
        if (typeof response.body === 'string') return;
        response.body.once('error', (error) => logger.error('answer cut', error));
        const { body, bytes, isComplete } = countedBody(response.body);
        Object.assign(progressOf(request), { bytes, isComplete });
        invocation.response = { ...response, body };
      },

      onError: (invocation) => {
        const { error, event: request, context } = invocation;
        if (!(error instanceof HttpError)) logger.error('request failed', error as Error);
        const told = errorForCaller(error, context.awsRequestId);
        const response = errorResponse(told, vary);
        const body = request.method === 'HEAD' ? '' : response.body;
        Object.assign(progressOf(request), { code: told.code, bytes: () => Buffer.byteLength(body) });
        invocation.response = { ...response, body };
        count(response);
      },
    },

    requestEnd: (invocation) => {
      const request = invocation.event as HttpRequest;
      const response = invocation.response as HttpResponse;
      logger.info('request answered', describe(request, response, progressOf(request)));
    },
  };
}

/** Whole milliseconds. */
function describe(
  { method, requestId, sourceAddress }: HttpRequest,
  { statusCode, headers }: HttpResponse,
  { startedAt, facts, code, bytes, isComplete }: Progress,
): Facts {
  return {
    gatewayRequestId: requestId,
    sourceAddress,
    method,
    status: statusCode,
    ...(code && { code }),
    ...facts,
    ...(headers['Number-Of-Results'] !== undefined && { results: Number(headers['Number-Of-Results']) }),
    ...(statusCode === 200 && {
      encoding: headers['Content-Encoding'] ?? 'identity',
    }),
    bytes: bytes(),
    ms: Math.round(performance.now() - startedAt),
    outcome: isComplete() ? 'complete' : 'cut',
  };
}
