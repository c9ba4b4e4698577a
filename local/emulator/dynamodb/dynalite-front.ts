import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';
import { readBody } from '../http/read-body.ts';
import { type Answer, type Ask, askDynalite, target } from './ask-dynalite.ts';
import { batchExecuteStatement } from './batch-execute-statement.ts';
import { putItem } from './put-item.ts';

/** The largest request that DynamoDB and dynalite take. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

const OPERATIONS: ReadonlyMap<unknown, (ask: Ask, body: Buffer) => Promise<Answer>> = new Map([
  [target('BatchExecuteStatement'), batchExecuteStatement],
  [target('PutItem'), putItem],
]);

/**
 * Answers what DynamoDB can do and dynalite 4 cannot. Every other request is passed on unchanged.
 *
 * @param dynalite dynalite's own listener
 */
export function dynaliteFront(dynalite: RequestListener): RequestListener {
  return async (request, response) => {
    const operation = OPERATIONS.get(request.headers['x-amz-target']);
    if (operation === undefined) return dynalite(request, response);
    try {
      await answer(operation, dynalite, request, response);
    } catch {
      response.destroy();
    }
  };
}

async function answer(
  operation: (ask: Ask, body: Buffer) => Promise<Answer>,
  dynalite: RequestListener,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const input = await readBody(request, MAX_REQUEST_BYTES);
  if (input === undefined) return void response.writeHead(413).end();
  const { status, headers, body } = await operation(askDynalite(dynalite, request.headers), input);
  response.setHeaders(headers as Map<string, number | string>);
  response.setHeader('x-amz-crc32', crc32(body));
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
}
