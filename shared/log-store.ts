import {
  type AttributeValue,
  ConditionalCheckFailedException,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { Application } from './bus-events.ts';
import { decodeDocument, encodeDocument } from './log-codec.ts';
import { type Collection, type CollectLimits, collect } from './log-collection.ts';
import { type KeyRange, keyRanges, type LogKey, logKey } from './log-key.ts';
import type { KeptLog } from './log-list.ts';
import { LOG_TABLE } from './log-table.ts';
import type { IdentifiedLog } from './security-event.ts';
import { SECOND, type TimeWindow } from './time-window.ts';

/** How logs are kept and found in DynamoDB (design section 2). The only file of the domain that knows DynamoDB. */

const HOUR = 3600 * SECOND;

/** How much longer an item stays than it can be read, so that no running read meets a deletion. */
const EXPIRY_MARGIN = HOUR;

export interface LogStoreOptions {
  /** Gives binary attributes as Buffers (functions/aws-clients.ts). */
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How long a log can be read from its creation, hours. */
  readonly retentionHours: number;
}

export interface LogStore {
  /**
   * Stores a log once: a copy of a log that is there changes nothing.
   *
   * @param createdAt now, epoch milliseconds
   */
  put(log: IdentifiedLog, createdAt: number, signal: AbortSignal): Promise<'stored' | 'duplicate'>;
  /**
   * Reads one log.
   *
   * @param now epoch milliseconds: a log whose lifetime has passed by then is not found
   * @returns its canonical JSON, or undefined if there is none under this key
   */
  get(key: LogKey, now: number, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Collects the logs of a window, still encoded, with strongly consistent reads.
   *
   * @param now epoch milliseconds: logs whose lifetime has passed by then are not found
   */
  collect(
    window: TimeWindow,
    applications: readonly Application[],
    now: number,
    limits: CollectLimits,
  ): Promise<Collection>;
}

export function logStore({ client, tableName, retentionHours }: LogStoreOptions): LogStore {
  const lifetime = retentionHours * HOUR;
  return {
    async put(log, createdAt, abortSignal) {
      const input = putInput(tableName, log, createdAt, lifetime);
      try {
        await client.send(new PutCommand(input), { abortSignal });
        return 'stored';
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return 'duplicate';
        throw error;
      }
    },

    async get(key, now, abortSignal) {
      const { Item } = await client.send(new GetCommand(getInput(tableName, key)), { abortSignal });
      if (Item === undefined || Item[LOG_TABLE.createdAt] <= now - lifetime) return undefined;
      return decodeDocument(Item[LOG_TABLE.document]).toString();
    },

    collect(window, applications, now, limits) {
      return collect(
        keyRanges(window, applications),
        async (range, after, abortSignal) => {
          const input = queryInput(tableName, range, after, now - lifetime);
          const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(input), {
            abortSignal,
          });
          return { logs: Items.map(keptLog), next: LastEvaluatedKey?.[LOG_TABLE.sortKey]?.S };
        },
        limits,
      );
    },
  };
}

const getInput = (tableName: string, { partitionKey, sortKey }: LogKey): GetCommandInput => ({
  TableName: tableName,
  Key: { [LOG_TABLE.partitionKey]: partitionKey, [LOG_TABLE.sortKey]: sortKey },
  ConsistentRead: true,
});

function putInput(
  tableName: string,
  kept: IdentifiedLog,
  createdAt: number,
  lifetime: number,
): PutCommandInput {
  const { application, timestamp, id, log } = kept;
  const key = logKey(application, timestamp, id);
  return {
    TableName: tableName,
    Item: {
      [LOG_TABLE.partitionKey]: key.partitionKey,
      [LOG_TABLE.sortKey]: key.sortKey,
      [LOG_TABLE.document]: encodeDocument(JSON.stringify(log)),
      [LOG_TABLE.createdAt]: createdAt,
      [LOG_TABLE.expiresAt]: Math.ceil((createdAt + lifetime + EXPIRY_MARGIN) / SECOND),
      [LOG_TABLE.action]: log.event.action,
      ...(log.label.rid === undefined ? {} : { [LOG_TABLE.rid]: log.label.rid }),
    },
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey },
  };
}

/** In DynamoDB's own values: a page has thousands of items, and turning each into plain values takes longer than reading it. */
function queryInput(
  tableName: string,
  range: KeyRange,
  after: string | undefined,
  createdAfter: number,
): QueryCommandInput {
  const partitionKey = { S: range.partitionKey };
  return {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :until',
    // DynamoDB deletes late, so what has outlived its time may still lie there (design section 2).
    FilterExpression: '#createdAt > :createdAfter',
    ProjectionExpression: '#sk, #doc',
    ExpressionAttributeNames: {
      '#pk': LOG_TABLE.partitionKey,
      '#sk': LOG_TABLE.sortKey,
      '#doc': LOG_TABLE.document,
      '#createdAt': LOG_TABLE.createdAt,
    },
    ExpressionAttributeValues: {
      ':pk': partitionKey,
      ':from': { S: range.from },
      ':until': { S: range.until },
      ':createdAfter': { N: String(createdAfter) },
    },
    ...(after !== undefined && {
      ExclusiveStartKey: { [LOG_TABLE.partitionKey]: partitionKey, [LOG_TABLE.sortKey]: { S: after } },
    }),
  };
}

const keptLog = (item: Record<string, AttributeValue>): KeptLog => ({
  sortKey: item[LOG_TABLE.sortKey]?.S as string,
  document: item[LOG_TABLE.document]?.B as Buffer,
});
