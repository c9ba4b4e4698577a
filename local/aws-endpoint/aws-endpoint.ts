import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../log.ts';
import { AwsError, type AwsService, sendJson, targetOf, unknownTarget } from './aws-service.ts';

/**
 * Answers AWS's clients: any SDK, or the AWS CLI with `--endpoint-url`. Signatures are not checked.
 *
 * @param log is told of faults
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
  const known = error instanceof AwsError ? error : new AwsError(500, 'InternalFailure', String(error));
  if (known !== error && !request.destroyed) log.warn(`${targetOf(request)} failed: ${error}`);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.setHeader('x-amzn-ErrorType', known.code);
  sendJson(request, response, known.status, { __type: known.code, message: known.message });
}
