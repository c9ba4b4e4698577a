import { randomUUID } from 'node:crypto';
import { type Answer, type Ask, keyNames } from './ask-dynalite.ts';
import { conditionFailed, putItem } from './put-item.ts';

/** `INSERT INTO "table" VALUE {'attribute': ?}`, and one of its attributes. The names need no escapes. */
const INSERT = /^\s*INSERT\s+INTO\s+(?:"([\w.-]+)"\s*|(\w+)\s+)VALUE\s*\{([^{}]+)\}\s*$/i;
const ATTRIBUTE = /^\s*'([^',]+)'\s*:\s*\?\s*$/;
const MAX_STATEMENTS = 25;

type Item = Readonly<Record<string, unknown>>;

interface StatementRequest {
  readonly Statement: string;
  readonly Parameters?: readonly unknown[];
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

interface Insert {
  readonly TableName: string;
  /** Undefined if it has not as many parameters as attributes. */
  readonly Item: Item | undefined;
  readonly ReturnValuesOnConditionCheckFailure: string | undefined;
}

/**
 * `BatchExecuteStatement` of one statement shape, `INSERT INTO "table" VALUE {'attribute': ?}`: each is a put on the
 * condition that there is no such item. A statement that fails has its error at its place; another shape, or a key
 * twice, refuses the request. `ReturnConsumedCapacity` is ignored.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
 */
export async function batchExecuteStatement(ask: Ask, body: Buffer): Promise<Answer> {
  const statements = parseStatements(body);
  if (statements === undefined)
    return answer(400, { __type: 'com.amazon.coral.service#SerializationException' });
  if (statements.length === 0) return refusal(`${outOfRange('[]')} greater than or equal to 1`);
  if (statements.length > MAX_STATEMENTS)
    return refusal(`${outOfRange('[...]')} less than or equal to ${MAX_STATEMENTS}`);

  const inserts: Insert[] = [];
  for (const statement of statements) {
    const insert = parseInsert(statement);
    if (insert === undefined) {
      return refusal(
        `The local store runs only INSERT INTO "table" VALUE {'attribute': ?}, not ${statement.Statement}`,
      );
    }
    inserts.push(insert);
  }
  const tables = [...new Set(inserts.map(({ TableName }) => TableName))];
  const keys = new Map(
    await Promise.all(tables.map(async (table) => [table, await keyNames(ask, table)] as const)),
  );
  if (hasKeyTwice(inserts, keys)) return refusal('Provided list of item keys contains duplicates');
  const Responses = await Promise.all(
    inserts.map(async (insert) => ({
      ...(await run(ask, insert, keys.get(insert.TableName)?.[0])),
      TableName: insert.TableName,
    })),
  );
  return answer(200, { Responses });
}

/** @returns undefined if the request is no JSON; no statements if it has no list of them */
function parseStatements(body: Buffer): readonly StatementRequest[] | undefined {
  try {
    const statements: unknown = JSON.parse(body.toString())?.Statements;
    return Array.isArray(statements) ? statements : [];
  } catch {
    return undefined;
  }
}

/** @returns undefined if the statement has another shape */
function parseInsert({ Statement, Parameters = [], ...asked }: StatementRequest): Insert | undefined {
  const [, quoted, unquoted, attributes = ''] = INSERT.exec(Statement) ?? [];
  const TableName = quoted ?? unquoted;
  const names = attributes.split(',').map((attribute) => ATTRIBUTE.exec(attribute)?.[1]);
  if (TableName === undefined || names.includes(undefined) || new Set(names).size < names.length) return;
  const Item =
    names.length === Parameters.length
      ? Object.fromEntries(names.map((name, index) => [name, Parameters[index]]))
      : undefined;
  return {
    TableName,
    Item,
    ReturnValuesOnConditionCheckFailure: asked.ReturnValuesOnConditionCheckFailure,
  };
}

/** An insert without a whole key fails by itself, so it is not looked at. */
function hasKeyTwice(inserts: readonly Insert[], keys: ReadonlyMap<string, readonly string[]>): boolean {
  const found = inserts.flatMap(({ TableName, Item }) => {
    const values = keys.get(TableName)?.map((name) => Item?.[name]) ?? [];
    return values.length === 0 || values.includes(undefined) ? [] : JSON.stringify([TableName, values]);
  });
  return new Set(found).size < found.length;
}

/**
 * @param partitionKey undefined if there is no such table, which the put then says
 * @returns how a statement failed, with a code of `BatchStatementErrorCodeEnum`
 */
async function run(ask: Ask, { Item, ...put }: Insert, partitionKey = 'none'): Promise<{ Error?: object }> {
  if (Item === undefined)
    return failed('ValidationError', "Number of parameters in request and statement don't match.");
  const input = {
    ...put,
    Item,
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': partitionKey },
  };
  const given = await putItem(ask, JSON.stringify(input));
  if (given.status === 200) return {};
  const { __type, message, Message = message, Item: old } = JSON.parse(given.body);
  if (conditionFailed(given)) return failed('DuplicateItem', 'Duplicate primary key exists in table', old);
  return failed(
    __type.endsWith('#ResourceNotFoundException') ? 'ResourceNotFound' : 'ValidationError',
    Message,
  );
}

const failed = (Code: string, Message: string, Item?: Item) => ({ Error: { Code, Message, Item } });

const outOfRange = (value: string): string =>
  `1 validation error detected: Value '${value}' at 'statements' failed to satisfy constraint: Member must have length`;

const refusal = (message: string): Answer =>
  answer(400, { __type: 'com.amazon.coral.validate#ValidationException', message });

const answer = (status: number, body: object): Answer => ({
  status,
  headers: new Map([
    ['Content-Type', 'application/x-amz-json-1.0'],
    ['x-amzn-RequestId', randomUUID()],
  ]),
  body: JSON.stringify(body),
});
