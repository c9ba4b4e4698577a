import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  type BatchStatementError,
  type BatchStatementResponse,
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FoundItem, LogItem, PutOutcome } from '../../feed/feed-table.ts';
import { SECOND } from '../../time.ts';
import { untilAborted } from '../../until-aborted.ts';
import { faultOf } from '../faults.ts';
import { logKey } from '../log-key.ts';
import { LOG_TABLE } from '../log-table.ts';
import { type Item, toSeconds } from './feed-items.ts';

/**
 * Puts logs by PartiQL: one request has 25 conditional puts. Its statements succeed and fail one by one, and the SDK does
 * not retry them.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchExecuteStatement.html
 */
const STATEMENTS = 25;

/** The longest wait after the first failure, and after any failure, milliseconds. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 1_000;

/** Failures of a statement that another attempt may mend. */
const RETRIED: ReadonlySet<string | undefined> = new Set([
  'InternalServerError',
  'ProvisionedThroughputExceeded',
  'RequestLimitExceeded',
  'ThrottlingError',
  'TransactionConflict',
]);

export interface InsertOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly signal: AbortSignal;
}

/** A log whose outcome is not known yet. */
interface Waiting {
  readonly log: LogItem;
  readonly item: Item;
  readonly resolve: (outcome: PutOutcome) => void;
}

/** @returns `FeedTable.putLogs` */
export function logInserter(options: InsertOptions) {
  return (logs: readonly LogItem[]): Promise<PutOutcome>[] => {
    const waiting: Waiting[] = [];
    const outcomes = logs.map((log) => {
      const { promise, resolve } = Promise.withResolvers<PutOutcome>();
      waiting.push({ log, item: itemOf(log), resolve });
      return promise;
    });
    for (let i = 0; i < waiting.length; i += STATEMENTS)
      void insert(options, waiting.slice(i, i + STATEMENTS));
    return outcomes;
  };
}

/**
 * Sends the statements, and those that failed again, until each has an outcome or the signal aborts. Sending again is safe
 * where the answer was lost: the put then finds the log with its own slot.
 */
async function insert(options: InsertOptions, batch: readonly Waiting[]): Promise<void> {
  let rest = batch;
  for (let failures = 0; ; failures++) {
    const failed = await attempt(options, rest);
    rest = failed.filter(({ isFinal }) => !isFinal).map(({ waiting }) => waiting);
    for (const { waiting, error, isFinal } of failed)
      if (isFinal || options.signal.aborted) waiting.resolve({ kind: 'unknown', error });
    if (rest.length === 0 || options.signal.aborted) return;
    const wait = Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures);
    await sleep(wait, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

interface Failed {
  readonly waiting: Waiting;
  readonly error: unknown;
  readonly isFinal: boolean;
}

async function attempt(options: InsertOptions, batch: readonly Waiting[]): Promise<Failed[]> {
  try {
    const { client, tableName, signal } = options;
    const command = new BatchExecuteStatementCommand({
      Statements: batch.map(({ item }) => statementOf(tableName, item)),
    });
    const { Responses = [] } = await untilAborted(signal, () =>
      client.send(command, { abortSignal: signal }),
    );
    const settled = batch.map((waiting, i) => settle(options, waiting, Responses[i]));
    return (await Promise.all(settled)).filter((failed) => failed !== undefined);
  } catch (error) {
    const isFinal = !options.signal.aborted && faultOf(error) === 'ours';
    if (isFinal && batch.length > 1) return attemptHalves(options, batch);
    return batch.map((waiting) => ({ waiting, error, isFinal }));
  }
}

/** DynamoDB refused the request: what is wrong with one statement must not fail the others. */
async function attemptHalves(options: InsertOptions, batch: readonly Waiting[]): Promise<Failed[]> {
  const middle = Math.ceil(batch.length / 2);
  const halves = [batch.slice(0, middle), batch.slice(middle)];
  return (await Promise.all(halves.map((half) => attempt(options, half)))).flat();
}

async function settle(
  options: InsertOptions,
  waiting: Waiting,
  response: BatchStatementResponse | undefined,
): Promise<Failed | undefined> {
  if (response === undefined)
    return { waiting, error: new Error('DynamoDB did not answer a put'), isFinal: false };
  const { Error: error } = response;
  if (error === undefined) {
    waiting.resolve({ kind: 'stored' });
    return undefined;
  }
  if (error.Code !== 'DuplicateItem')
    return { waiting, error: new StatementFailed(error), isFinal: !RETRIED.has(error.Code) };
  try {
    const found = error.Item ?? (await getItem(options, waiting.item));
    waiting.resolve(
      isExpired(found, waiting.log) ? await replaceExpired(options, waiting) : foundItem(found),
    );
    return undefined;
  } catch (cause) {
    return { waiting, error: cause, isFinal: !options.signal.aborted && faultOf(cause) === 'ours' };
  }
}

class StatementFailed extends Error {
  override readonly name: string;

  constructor({ Code, Message }: BatchStatementError) {
    super(`DynamoDB failed a put: ${Message}`);
    this.name = Code ?? 'StatementFailed';
  }
}

/** An item whose time is over is not there any more, whether DynamoDB has deleted it yet or not. */
const isExpired = (found: Item, { createdAt }: LogItem): boolean =>
  Number(found[LOG_TABLE.expiresAt]?.N) <= Math.floor(createdAt / SECOND);

/** INSERT cannot replace an item, so this is a put of its own. */
async function replaceExpired(
  { client, tableName, signal }: InsertOptions,
  { log, item }: Waiting,
): Promise<PutOutcome> {
  const command = new PutItemCommand({
    TableName: tableName,
    Item: item,
    ConditionExpression: 'attribute_not_exists(#pk) OR #expiresAt <= :now',
    ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey, '#expiresAt': LOG_TABLE.expiresAt },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(log.createdAt / SECOND)) } },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    return { kind: 'stored' };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException && error.Item) return foundItem(error.Item);
    throw error;
  }
}

/** DynamoDB always returns the item that was found. Another store may not return it. */
async function getItem({ client, tableName, signal }: InsertOptions, item: Item): Promise<Item> {
  const { partitionKey, sortKey } = LOG_TABLE;
  const Key = { [partitionKey]: item[partitionKey], [sortKey]: item[sortKey] } as Record<
    string,
    AttributeValue
  >;
  const command = new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true });
  const { Item } = await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
  if (Item) return Item;
  throw new Error('the log was in the store and is not there any more');
}

const foundItem = (item: Item): PutOutcome => ({
  kind: 'found',
  item: {
    document: item[LOG_TABLE.document]?.B as Buffer,
    createdAt: Number(item[LOG_TABLE.createdAt]?.N),
    expiresAt: Number(item[LOG_TABLE.expiresAt]?.N) * SECOND,
    slot: item[LOG_TABLE.slot]?.S,
  } satisfies FoundItem,
});

function itemOf(log: LogItem): Item {
  const { partitionKey, sortKey } = logKey(log.application, log.timestamp, log.id);
  return {
    [LOG_TABLE.partitionKey]: { S: partitionKey },
    [LOG_TABLE.sortKey]: { S: sortKey },
    [LOG_TABLE.document]: { B: log.document },
    [LOG_TABLE.createdAt]: { N: String(log.createdAt) },
    [LOG_TABLE.expiresAt]: { N: String(toSeconds(log.expiresAt)) },
    [LOG_TABLE.action]: { S: log.action },
    ...(log.rid !== undefined && { [LOG_TABLE.rid]: { S: log.rid } }),
    ...(log.publisherAccount !== undefined && { [LOG_TABLE.publisherAccount]: { S: log.publisherAccount } }),
    [LOG_TABLE.slot]: { S: log.slot },
  };
}

/** The names of attributes are constants of this release, so they need no escaping. */
const statementOf = (tableName: string, item: Item) => ({
  Statement: `INSERT INTO "${tableName}" VALUE {${Object.keys(item)
    .map((name) => `'${name}': ?`)
    .join(', ')}}`,
  Parameters: Object.values(item),
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
});
