import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { type AwsService, targetOf } from '../http/aws-service.ts';

/**
 * Passes DynamoDB's operations on to the store, so that one endpoint serves all of AWS.
 *
 * @param storeUrl the address of a DynamoDB-compatible endpoint
 */
export const dynamoDb = (storeUrl: string): AwsService => ({
  accepts: (request) => targetOf(request).startsWith('DynamoDB_'),
  async handle(request, response) {
    const answer = await forward(request, storeUrl);
    response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
    await pipeline(answer, response);
  },
});

function forward(request: IncomingMessage, storeUrl: string): Promise<IncomingMessage> {
  const send = storeUrl.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const headers = { ...withoutConnection(request.headers), host: new URL(storeUrl).host };
    const forwarded = send(storeUrl, { method: 'POST', headers }, resolve);
    forwarded.once('error', reject);
    pipeline(request, forwarded).catch(reject);
  });
}

const withoutConnection = ({ connection: _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders =>
  headers;
