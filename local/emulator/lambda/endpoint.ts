import { text } from 'node:stream/consumers';
import { AwsError, type AwsService } from '../http/aws-service.ts';
import { readBody } from '../http/read-body.ts';
import { FunctionError } from './function-error.ts';
import type { Invocable } from './invocables.ts';

const PATH = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?.*)?$/;
/** Bytes. */
const PAYLOAD_LIMIT = 6 * 1024 * 1024;
const HEADERS = { 'Content-Type': 'application/json', 'X-Amz-Executed-Version': '$LATEST' };

/**
 * `Invoke`, which waits for the answer.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 *
 * @param find by a name, a partial or a whole ARN, with or without a qualifier
 */
export const lambda = (find: (name: string) => Invocable | undefined): AwsService => ({
  accepts: ({ method, url = '' }) => method === 'POST' && PATH.test(url),
  async handle(request, response) {
    const name = decodeURIComponent(PATH.exec(request.url ?? '')?.[1] ?? '');
    const fn = find(name);
    if (fn === undefined) throw new AwsError(404, 'ResourceNotFoundException', `Function not found: ${name}`);
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (type !== 'RequestResponse') {
      const message = `The local stack has no invocation type ${type}.`;
      throw new AwsError(400, 'InvalidParameterValueException', message);
    }
    const payload = checkPayload(await readBody(request, PAYLOAD_LIMIT));
    const client = new AbortController();
    response.once('close', () => client.abort());
    try {
      const given = await fn.invoke(payload, client.signal);
      const body = given.mode === 'buffered' ? given.payload : await text(given.body);
      response.writeHead(200, HEADERS).end(body);
    } catch (error) {
      if (client.signal.aborted) return;
      if (!(error instanceof FunctionError)) throw error;
      response.writeHead(200, { ...HEADERS, 'X-Amz-Function-Error': 'Unhandled' });
      response.end(JSON.stringify({ errorType: error.type, errorMessage: error.message, trace: [] }));
    }
  },
});

function checkPayload(body: Buffer | undefined): string {
  if (body === undefined) {
    throw new AwsError(413, 'RequestTooLargeException', `The payload is larger than ${PAYLOAD_LIMIT} bytes.`);
  }
  const payload = body.toString() || '{}';
  try {
    JSON.parse(payload);
    return payload;
  } catch {
    throw new AwsError(400, 'InvalidRequestContentException', 'Could not parse request body into json.');
  }
}
