import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { CallerError } from '../../shared/errors.ts';
import { errorForCaller, errorResponse, type StreamedResponse } from './responses.ts';

/**
 * Turns errors into responses, counts answers by status, and logs what went wrong on our side: neither what was asked
 * nor what was answered.
 */
export function reporting(
  logger: Logger,
  metrics: Metrics,
): MiddlewareObj<APIGatewayProxyEvent, StreamedResponse> {
  const count = ({ statusCode, headers }: StreamedResponse): void => {
    metrics.addMetric(`Status${statusCode}`, MetricUnit.Count, 1);
    if (statusCode === 200)
      metrics.addMetric('Results', MetricUnit.Count, Number(headers['Number-Of-Results']));
    metrics.publishStoredMetrics();
  };
  return {
    before: ({ context }) => logger.addContext(context),

    after: ({ response }) => {
      if (!response) return;
      count(response);
      if (typeof response.body === 'string') return;
      response.body.once('error', (error) => logger.error('answer cut', error));
    },

    onError: (request) => {
      if (!(request.error instanceof CallerError)) logger.error('request failed', request.error as Error);
      const response = errorResponse(errorForCaller(request.error, request.context.awsRequestId));
      request.response = request.event.httpMethod === 'HEAD' ? { ...response, body: '' } : response;
      count(request.response);
    },
  };
}
