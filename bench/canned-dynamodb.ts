import { text } from 'node:stream/consumers';
import { listen } from '../local/emulator/http/http-server.ts';
import { endWithParent } from '../local/emulator/process/orphan.ts';
import { itemBytes } from '../shared/store/item-size.ts';
import { cannedHead } from './canned-head.ts';
import { consumedCapacity } from './canned-partition.ts';
import { type CannedTable, type CannedTableOptions, cannedTable } from './canned-table.ts';
import { TABLE_NAME } from './data.ts';
import { itemJson } from './dynamodb-item.ts';

/**
 * A process that answers as DynamoDB does, from answers written beforehand: what is measured against it is the asker.
 * It takes every put, numbers the slots of the feed, and stands in for EventBridge and Secrets Manager as well. The argument is the
 * CannedTableOptions in JSON; it sends its parent its address.
 */

/** The key that the query function finds. */
const API_KEY = 'bench';

interface QueryRequest {
  readonly KeyConditionExpression: string;
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, { readonly S: string }>>;
  readonly ExclusiveStartKey?: { readonly sk: { readonly S: string } };
  readonly Limit?: number;
}

const CONDITIONS = [
  /^\S+ = (?<pk>:\w+) AND \S+ BETWEEN (?<from>:\w+) AND (?<until>:\w+)$/,
  /^\S+ = (?<pk>:\w+) AND \S+ > (?<after>:\w+)$/,
  /^\S+ = (?<pk>:\w+)$/,
];

function answerQuery(table: CannedTable, request: QueryRequest): Buffer[] {
  const { KeyConditionExpression: condition, ExpressionAttributeValues: values } = request;
  const names = CONDITIONS.map((pattern) => pattern.exec(condition)?.groups).find((groups) => groups);
  if (!names) throw new Error(`the canned endpoint does not know the condition ${condition}`);
  const value = (name: string): string | undefined => values[names[name] ?? '']?.S;
  const partitionKey = value('pk') ?? '';
  if (!request.ConsistentRead && !partitionKey.startsWith('feed#'))
    throw new Error('the canned endpoint knows strongly consistent reads of logs only');
  return table.page({
    partitionKey,
    from: value('from') ?? '',
    until: value('until') ?? '\ufffe',
    after: request.ExclusiveStartKey?.sk.S ?? value('after'),
    limit: request.Limit,
    isConsistent: request.ConsistentRead,
    tellUnits: request.ReturnConsumedCapacity === 'TOTAL',
  });
}

interface GetRequest {
  readonly Key: { readonly pk: { readonly S: string } };
  readonly ConsistentRead?: boolean;
  readonly ReturnConsumedCapacity?: string;
}

function answerGet({ feedHead }: CannedTable, request: GetRequest): string {
  if (request.Key.pk.S !== 'feed#head')
    throw new Error('the canned endpoint gives the head of the feed only');
  const item = feedHead === undefined ? '' : `"Item":${itemJson(feedHead)}`;
  if (request.ReturnConsumedCapacity !== 'TOTAL') return `{${item}}`;
  const units = consumedCapacity(feedHead === undefined ? 0 : itemBytes(feedHead), request.ConsistentRead);
  return `{${item}${item && ','}${units}}`;
}

const head = cannedHead();

function answer(table: CannedTable, operation: string, body: string): Buffer[] {
  switch (operation) {
    case 'Query':
      return answerQuery(table, JSON.parse(body));
    case 'GetItem':
      return [Buffer.from(answerGet(table, JSON.parse(body)))];
    case 'PutItem':
      return [Buffer.from('{}')];
    case 'UpdateItem':
      return [Buffer.from(JSON.stringify({ Attributes: head.update(JSON.parse(body)) }))];
    case 'BatchExecuteStatement': {
      const Responses = JSON.parse(body).Statements.map(() => ({ TableName: TABLE_NAME }));
      return [Buffer.from(JSON.stringify({ Responses }))];
    }
    case 'PutEvents': {
      const Entries = JSON.parse(body).Entries.map(() => ({ EventId: 'canned' }));
      return [Buffer.from(JSON.stringify({ FailedEntryCount: 0, Entries }))];
    }
    case 'GetSecretValue':
      return [Buffer.from(JSON.stringify({ SecretString: API_KEY }))];
    default:
      throw new Error(`the canned endpoint does not know ${operation}`);
  }
}

endWithParent();
const options: CannedTableOptions = JSON.parse(process.argv[2] ?? '');
const table = await cannedTable(options);
const { url, serve } = await listen(0, { keepAliveTimeout: 600_000 });
serve(async (request, response) => {
  const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  try {
    const parts = answer(table, operation, await text(request));
    const length = parts.reduce((sum, part) => sum + part.length, 0);
    response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', 'Content-Length': length });
    response.end(Buffer.concat(parts, length));
  } catch (error) {
    const problem = { __type: 'ValidationException', message: (error as Error).message };
    response.writeHead(400, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(problem));
  }
});
process.send?.({ url });
