import {
  type AttributeValue,
  ConditionalCheckFailedException,
  GetItemCommand,
  type GetItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, type PutCommandInput } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { IdentifiedLog } from '../event/security-event.ts';
import { decodeDocument, encodeDocument } from '../log/document-codec.ts';
import { HOUR, SECOND } from '../time.ts';
import { untilAborted } from '../until-aborted.ts';
import { type LogKey, logKey } from './log-key.ts';
import { LOG_TABLE } from './log-table.ts';

/** Puts logs into DynamoDB, each once. */

/**
 * How much longer an item stays than its log can be read (docs/contract.md#what-happens). Until then, any copy is
 * that log, and no running read meets the deletion. After that, DynamoDB deletes the item "within a few days", and a copy
 * is a new log, whether the item is deleted yet or not.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html
 */
const EXPIRY_MARGIN = 12 * HOUR;

/** Puts in flight. */
const PARALLEL_PUTS = 32;

/** The outcome of storing a log. `log` is the canonical JSON of the log in the store. */
export type Put =
  | { readonly kind: 'stored'; readonly log: string }
  /** The log was there already, with this `createdAt` (epoch milliseconds). `expired`: its lifetime has passed. */
  | { readonly kind: 'found'; readonly log: string; readonly createdAt: number; readonly expired: boolean }
  /** The log may be in the store or not. */
  | { readonly kind: 'failed'; readonly error: unknown };

export interface PutOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How long a log can be read after it was stored, milliseconds. */
  readonly lifetime: number;
}

/** Implements `LogStore.putAll`. */
export function putLogs(
  options: PutOptions,
  logs: readonly IdentifiedLog[],
  createdAt: number,
  signal: AbortSignal,
): Promise<Put>[] {
  const firsts = new Map<string, PromiseWithResolvers<Put> & { key: LogKey; log: IdentifiedLog }>();
  const puts = logs.map((log) => {
    const key = logKey(log.application, log.timestamp, log.id);
    const name = `${key.partitionKey} ${key.sortKey}`;
    const first = firsts.get(name);
    if (first) return first.promise.then((put) => asCopy(put, createdAt));
    const open = { key, log, ...Promise.withResolvers<Put>() };
    firsts.set(name, open);
    return open.promise;
  });
  void pMap(
    firsts.values(),
    async ({ key, log, resolve }) => resolve(await putLog(options, key, log, createdAt, signal)),
    { concurrency: PARALLEL_PUTS },
  );
  return puts;
}

const asCopy = (put: Put, createdAt: number): Put =>
  put.kind === 'stored' ? { kind: 'found', log: put.log, createdAt, expired: false } : put;

async function putLog(
  options: PutOptions,
  key: LogKey,
  { log }: IdentifiedLog,
  createdAt: number,
  signal: AbortSignal,
): Promise<Put> {
  try {
    const json = JSON.stringify(log);
    const item = {
      [LOG_TABLE.partitionKey]: key.partitionKey,
      [LOG_TABLE.sortKey]: key.sortKey,
      [LOG_TABLE.document]: encodeDocument(json),
      [LOG_TABLE.createdAt]: createdAt,
      [LOG_TABLE.expiresAt]: Math.ceil((createdAt + options.lifetime + EXPIRY_MARGIN) / SECOND),
      [LOG_TABLE.action]: log.event.action,
      ...(log.label.rid === undefined ? {} : { [LOG_TABLE.rid]: log.label.rid }),
    };
    const input = putInput(options.tableName, item, Math.floor(createdAt / SECOND));
    const found = await untilAborted(signal, () => put(options, input, key, signal));
    return found === undefined ? { kind: 'stored', log: json } : asFound(found, createdAt - options.lifetime);
  } catch (error) {
    return { kind: 'failed', error };
  }
}

type StoredItem = Readonly<Record<string, AttributeValue>>;

/** @returns the item that was there already, or undefined if the log was stored */
async function put(
  { client, tableName }: PutOptions,
  input: PutCommandInput,
  key: LogKey,
  abortSignal: AbortSignal,
): Promise<StoredItem | undefined> {
  try {
    await client.send(new PutCommand(input), { abortSignal });
    return undefined;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    if (error.Item) return error.Item;
    // DynamoDB always returns the item, so ingest needs no right to read. Another store may not return it.
    const { Item } = await client.send(new GetItemCommand(getInput(tableName, key)), { abortSignal });
    if (Item) return Item;
    throw new Error('the log was in the store and is not there any more', { cause: error });
  }
}

const asFound = (item: StoredItem, expiredCreatedAt: number): Put => {
  const createdAt = Number(item[LOG_TABLE.createdAt]?.N);
  return {
    kind: 'found',
    log: decodeDocument(item[LOG_TABLE.document]?.B as Buffer).toString(),
    createdAt,
    expired: createdAt <= expiredCreatedAt,
  };
};

/** @param now epoch seconds: an item that has expired by then is replaced */
const putInput = (tableName: string, item: PutCommandInput['Item'], now: number): PutCommandInput => ({
  TableName: tableName,
  Item: item,
  ConditionExpression: 'attribute_not_exists(#pk) OR #expiresAt <= :now',
  ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey, '#expiresAt': LOG_TABLE.expiresAt },
  ExpressionAttributeValues: { ':now': now },
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
});

const getInput = (tableName: string, { partitionKey, sortKey }: LogKey): GetItemCommandInput => ({
  TableName: tableName,
  Key: { [LOG_TABLE.partitionKey]: { S: partitionKey }, [LOG_TABLE.sortKey]: { S: sortKey } },
  ConsistentRead: true,
});
