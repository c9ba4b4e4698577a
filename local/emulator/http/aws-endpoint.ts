import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorName, errorPlace } from '../error-name.ts';
import type { Log } from '../log.ts';
import { AwsError, type AwsService, sendJson, targetOf, unknownTarget } from './aws-service.ts';
import { type ListeningServer, listen } from './http-server.ts';

/** Starts the endpoint's server. Before it serves, and while it stops, it answers 503. */
export const listenAwsEndpoint = (port: number): Promise<ListeningServer> =>
  listen(port, {}, (request, response) => {
    response.setHeader('Retry-After', '1');
    const message = 'The local stack is starting, or about to stop.';
    sendJson(request, response, 503, { __type: 'ServiceUnavailable', message });
  });

/**
 * Answers AWS's clients: any SDK, or the AWS CLI with `--endpoint-url`. Signatures are not checked.
 */
export const awsEndpoint =
  (services: readonly AwsService[], log: Log) =>
  async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      const service = services.find(({ accepts }) => accepts(request));
      if (service === undefined) throw unknownTarget(targetOf(request));
      await service.handle(request, response);
    } catch (error) {
      sendError(request, response, error, log);
    }
  };

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown, log: Log): void {
  const isKnown = error instanceof AwsError;
  const fault = 'The local stack failed; its terminal says more.';
  const known = isKnown ? error : new AwsError(500, 'InternalFailure', fault);
  if (!isKnown) {
    // An error after the client has gone is no fault.
    const say = response.destroyed ? log.detail : log.warn;
    say(`${targetOf(request) || request.method} failed: ${errorName(error)}`);
    log.detail(errorPlace(error));
  }
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('x-amzn-ErrorType', known.code);
  sendJson(request, response, known.status, { __type: known.code, message: known.message });
}
