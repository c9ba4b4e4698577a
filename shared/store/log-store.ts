import { randomUUID } from 'node:crypto';
import { type AttributeValue, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, type GetCommandInput } from '@aws-sdk/lib-dynamodb';
import { deliveredAt } from '../delivery/delivery-record.ts';
import type { Application } from '../event/bus-events.ts';
import type { IdentifiedLog } from '../event/security-event.ts';
import { endOfLifetime, LOG_MARGIN } from '../feed/lifetimes.ts';
import { batchWriter, type StoringBatch } from '../feed/write-batch.ts';
import { decodeDocument } from '../log/document-codec.ts';
import type { LogMatcher } from '../query/log-filter.ts';
import type { TimeWindow } from '../query/time-window.ts';
import { HOUR, SECOND } from '../time.ts';
import { type Collection, type CollectLimits, collect, READS_AT_ONCE } from './collect-window.ts';
import { dynamoDbFeedTable } from './feed/dynamodb-feed-table.ts';
import { itemBytes } from './item-size.ts';
import { type KeyRange, keyRanges, type LogKey } from './log-key.ts';
import type { StoredLog } from './log-list.ts';
import { LOG_TABLE } from './log-table.ts';
import { pacedReads } from './paced-reads.ts';
import { readPacing } from './read-pacing.ts';

/** Stores and finds logs in DynamoDB. Only shared/store/ knows DynamoDB. */

export interface LogStoreOptions {
  /** Gives binary attributes as Buffers (functions/aws-clients.ts). For `collect` it must not retry: the store does. */
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How long a log can be read after it was stored, hours; less where it was stored under a shorter lifetime. */
  readonly retentionHours: number;
}

/** What is collected of a window. */
export interface CollectOptions {
  /** Which logs are wanted. Default: all. */
  readonly matches?: LogMatcher | undefined;
  /** Whether it is read when each log was stored. Default: no. */
  readonly withCreatedAt?: boolean;
}

/** A log that was found by its key. */
export interface FoundLog {
  /** Its canonical JSON, in UTF-8; undefined if the lifetime of the log has ended. */
  readonly json: Buffer | undefined;
  /** When it was stored, epoch milliseconds. */
  readonly createdAt: number;
  /** When its lifetime ends, epoch milliseconds. */
  readonly readableUntil: number;
  /** How many bytes DynamoDB counts for its item, without the record of its delivery. */
  readonly itemBytes: number;
  /** When the attempt began that delivered it, epoch milliseconds; undefined if it is not recorded as delivered. */
  readonly deliveredAt?: number | undefined;
}

export interface LogStore {
  /**
   * Stores each log once, and in one slot of the feed: a copy of a stored log changes nothing. If several logs of a call
   * have the same key, the first is put, and the others get its outcome.
   *
   * @param createdAt now, epoch milliseconds
   * @param signal once it aborts, puts that are still running have failed
   */
  putAll(logs: readonly IdentifiedLog[], createdAt: number, signal: AbortSignal): StoringBatch;
  /**
   * Reads one log.
   *
   * @param now epoch milliseconds: of a log whose lifetime has ended by then, only that is told
   * @returns undefined if there is no log with this key
   */
  get(key: LogKey, now: number, signal: AbortSignal): Promise<FoundLog | undefined>;
  /**
   * Collects the logs of a window, still encoded, with strongly consistent reads. While DynamoDB throttles, it reads
   * more slowly, until the signal of `limits` aborts.
   *
   * @param now epoch milliseconds: logs whose lifetime has passed by then are not found
   * @throws StoreUnavailable if DynamoDB keeps failing
   * @throws UnknownDocumentVersion
   */
  collect(
    window: TimeWindow,
    applications: readonly Application[],
    now: number,
    limits: CollectLimits,
    options?: CollectOptions,
  ): Promise<Collection>;
}

export function logStore({ client, tableName, retentionHours }: LogStoreOptions): LogStore {
  const lifetime = retentionHours * HOUR;
  return {
    putAll: batchWriter({
      openTable: dynamoDbFeedTable({ client, tableName }),
      retentionHours,
      random: Math.random,
      uniqueName: randomUUID,
    }),

    async get(key, now, abortSignal) {
      const { Item } = await client.send(new GetCommand(getInput(tableName, key)), { abortSignal });
      // The feed's items have no document: a key that somebody made up may be one of theirs.
      if (Item?.[LOG_TABLE.document] === undefined) return undefined;
      const { [LOG_TABLE.delivery]: delivery, ...item } = Item;
      const { [LOG_TABLE.createdAt]: createdAt, [LOG_TABLE.expiresAt]: expiresAt } = item;
      const until = endOfLifetime(createdAt, expiresAt, lifetime);
      const json = until <= now ? undefined : decodeDocument(item[LOG_TABLE.document]);
      return {
        json,
        createdAt,
        readableUntil: until,
        itemBytes: itemBytes(item),
        deliveredAt: deliveredAt(delivery),
      };
    },

    collect(window, applications, now, limits, { matches, withCreatedAt = false } = {}) {
      const paced = pacedReads(readPacing(READS_AT_ONCE), limits.signal);
      return collect(
        keyRanges(window, applications),
        async (range, after, abortSignal) => {
          const input = queryInput(tableName, range, after, { now, lifetime, withCreatedAt });
          const { Items = [], LastEvaluatedKey } = await paced(() =>
            client.send(new QueryCommand(input), { abortSignal }),
          );
          return { logs: Items.map(storedLog), next: LastEvaluatedKey?.[LOG_TABLE.sortKey]?.S };
        },
        limits,
        matches,
      );
    },
  };
}

const getInput = (tableName: string, { partitionKey, sortKey }: LogKey): GetCommandInput => ({
  TableName: tableName,
  Key: { [LOG_TABLE.partitionKey]: partitionKey, [LOG_TABLE.sortKey]: sortKey },
  ConsistentRead: true,
});

/** Uses DynamoDB's own values: a batch has thousands of items, and converting an item takes longer than reading it. */
function queryInput(
  tableName: string,
  range: KeyRange,
  after: string | undefined,
  { now, lifetime, withCreatedAt }: { now: number; lifetime: number; withCreatedAt: boolean },
): QueryCommandInput {
  const partitionKey = { S: range.partitionKey };
  return {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :until',
    // DynamoDB deletes late, so expired logs may still be there (docs/architecture.md#one-item-one-write-unit).
    // Nor does a log come back that was stored under a shorter lifetime than the one of now.
    FilterExpression:
      '#createdAt > :createdAfter AND (attribute_not_exists(#expiresAt) OR #expiresAt > :expiresAfter)',
    ProjectionExpression: withCreatedAt ? '#sk, #doc, #createdAt' : '#sk, #doc',
    ExpressionAttributeNames: {
      '#pk': LOG_TABLE.partitionKey,
      '#sk': LOG_TABLE.sortKey,
      '#doc': LOG_TABLE.document,
      '#createdAt': LOG_TABLE.createdAt,
      '#expiresAt': LOG_TABLE.expiresAt,
    },
    ExpressionAttributeValues: {
      ':pk': partitionKey,
      ':from': { S: range.from },
      ':until': { S: range.until },
      ':createdAfter': { N: String(now - lifetime) },
      ':expiresAfter': { N: String((now + LOG_MARGIN) / SECOND) },
    },
    ...(after !== undefined && {
      ExclusiveStartKey: { [LOG_TABLE.partitionKey]: partitionKey, [LOG_TABLE.sortKey]: { S: after } },
    }),
  };
}

function storedLog(item: Record<string, AttributeValue>): StoredLog {
  const log = {
    sortKey: item[LOG_TABLE.sortKey]?.S as string,
    document: item[LOG_TABLE.document]?.B as Buffer,
  };
  const createdAt = item[LOG_TABLE.createdAt]?.N;
  return createdAt === undefined ? log : { ...log, createdAt: Number(createdAt) };
}
