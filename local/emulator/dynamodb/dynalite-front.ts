import type { IncomingHttpHeaders, IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { readBody } from '../http/read-body.ts';

/** The largest request that DynamoDB and dynalite take. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/**
 * Answers what DynamoDB can do and dynalite 4 cannot. Every other request is passed on unchanged.
 *
 * - `PutItem` with `ReturnValuesOnConditionCheckFailure: ALL_OLD`: a condition that fails is answered with the item.
 *   https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html
 *
 * @param dynalite dynalite's own listener
 */
export function dynaliteFront(dynalite: RequestListener): RequestListener {
  const ask = asker(dynalite);
  const answerPut = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request, MAX_REQUEST_BYTES);
    if (body === undefined) return void response.writeHead(413).end();
    const answer = await ask(request.headers, body);
    send(response, conditionFailed(answer) ? await withOldItem(ask, request.headers, body, answer) : answer);
  };
  return (request, response) => {
    if (request.headers['x-amz-target'] !== target('PutItem')) return dynalite(request, response);
    return answerPut(request, response).catch(() => response.destroy());
  };
}

const target = (operation: string): string => `DynamoDB_20120810.${operation}`;

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, number | string>;
  readonly body: string;
}

type Ask = (headers: IncomingHttpHeaders, body: Buffer | string) => Promise<Answer>;

/** Asks dynalite without a connection. The request and response have only what dynalite uses of them. */
const asker =
  (dynalite: RequestListener): Ask =>
  (headers, body) =>
    new Promise((resolve) => {
      const answered = new Map<string, number | string>();
      const request = Object.assign(Readable.from([Buffer.from(body)]), {
        method: 'POST',
        url: '/',
        headers,
      });
      const response = {
        statusCode: 200,
        setHeader: (name: string, value: number | string) => answered.set(name, value),
        end: (text = '') => resolve({ status: response.statusCode, headers: answered, body: text }),
      };
      dynalite(request as unknown as IncomingMessage, response as unknown as ServerResponse);
    });

const conditionFailed = ({ status, body }: Answer): boolean =>
  status === 400 && body.includes('#ConditionalCheckFailedException"');

/** Adds the item where the put asks for it. As in DynamoDB, the item may have changed since the condition failed. */
async function withOldItem(
  ask: Ask,
  headers: IncomingHttpHeaders,
  put: Buffer,
  answer: Answer,
): Promise<Answer> {
  const { TableName, Item, ReturnValuesOnConditionCheckFailure } = JSON.parse(put.toString());
  if (ReturnValuesOnConditionCheckFailure !== 'ALL_OLD') return answer;
  const read = async (operation: string, input: object) => {
    const { body } = await ask({ ...headers, 'x-amz-target': target(operation) }, JSON.stringify(input));
    return JSON.parse(body);
  };
  const { Table } = await read('DescribeTable', { TableName });
  const names: string[] = Table.KeySchema.map((key: { AttributeName: string }) => key.AttributeName);
  const Key = Object.fromEntries(names.map((name) => [name, Item[name]]));
  const found = await read('GetItem', { TableName, Key, ConsistentRead: true });
  return { ...answer, body: JSON.stringify({ ...JSON.parse(answer.body), Item: found.Item }) };
}

function send(response: ServerResponse, { status, headers, body }: Answer): void {
  response.setHeaders(headers as Map<string, number | string>);
  response.setHeader('x-amz-crc32', crc32(body));
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status).end(body);
}
