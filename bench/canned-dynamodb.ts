import { text } from 'node:stream/consumers';
import { listen } from '../local/emulator/http/http-server.ts';
import { endWithParent } from '../local/emulator/process/orphan.ts';
import { type CannedTable, type CannedTableOptions, cannedTable } from './canned-table.ts';

/**
 * A process that answers as DynamoDB does, from answers written beforehand: what is measured against it is the asker.
 * It takes every put, and stands in for EventBridge and Secrets Manager as well. The argument is the
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
}

const CONDITION = /^\S+ = (?<pk>:\w+) AND \S+ BETWEEN (?<from>:\w+) AND (?<until>:\w+)$/;
const PARTITION_ONLY = /^\S+ = (?<pk>:\w+)$/;

function answerQuery(table: CannedTable, request: QueryRequest): Buffer[] {
  const { KeyConditionExpression: condition, ExpressionAttributeValues: values } = request;
  const names = (CONDITION.exec(condition) ?? PARTITION_ONLY.exec(condition))?.groups;
  if (!names) throw new Error(`the canned endpoint does not know the condition ${condition}`);
  if (!request.ConsistentRead) throw new Error('the canned endpoint knows strongly consistent reads only');
  const value = (name: string, otherwise: string): string => values[names[name] ?? '']?.S ?? otherwise;
  return table.page({
    partitionKey: value('pk', ''),
    from: value('from', ''),
    until: value('until', '\ufffe'),
    after: request.ExclusiveStartKey?.sk.S,
    tellUnits: request.ReturnConsumedCapacity === 'TOTAL',
  });
}

function answer(table: CannedTable, operation: string, body: string): Buffer[] {
  switch (operation) {
    case 'Query':
      return answerQuery(table, JSON.parse(body));
    case 'PutItem':
      return [Buffer.from('{}')];
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
