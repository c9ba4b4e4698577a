import { type AttributeValue, QueryCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DELIVERED_RANK, decodeRecord } from '../delivery/delivery-record.ts';
import type { DeliveryState } from '../delivery/delivery-states.ts';
import type { StoredDelivery } from '../delivery/stored-delivery.ts';
import { endOfLifetime } from '../feed/lifetimes.ts';
import { HOUR, SECOND } from '../time.ts';
import type { ReadLane } from './collect-deliveries.ts';
import { READS_AT_ONCE } from './collect-window.ts';
import type { KeyRange } from './log-key.ts';
import { LOG_TABLE } from './log-table.ts';
import { pacedReads } from './paced-reads.ts';
import { readPacing } from './read-pacing.ts';

/** Which logs are read. Others than these may be read, too: it only spares what is sent. */
export interface DeliveryFilter {
  readonly states?: ReadonlySet<DeliveryState> | undefined;
  /** `label.rid`, whole. */
  readonly rid?: string | undefined;
}

export interface DeliveryReaderOptions {
  /** It must not retry: the reader does. */
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How long a log can be read after it was stored, hours. */
  readonly retentionHours: number;
}

/**
 * Reads what is known of deliveries from the table, strongly consistent: the keys, the times, and the record, never a
 * document.
 *
 * @returns a function that makes the reads of one request, which slow down while DynamoDB throttles
 */
export const deliveryReader =
  ({ client, tableName, retentionHours }: DeliveryReaderOptions) =>
  (filter: DeliveryFilter, now: number, signal: AbortSignal): ReadLane => {
    const paced = pacedReads(readPacing(READS_AT_ONCE), signal);
    return async (range, after, limit) => {
      const input = queryInput(tableName, range, after, limit, now, filter);
      const {
        Items = [],
        LastEvaluatedKey,
        ScannedCount = Items.length,
      } = await paced(() => client.send(new QueryCommand(input), { abortSignal: signal }));
      return {
        deliveries: Items.map((item) => storedDelivery(range.partitionKey, item, retentionHours * HOUR)),
        evaluated: ScannedCount,
        next: LastEvaluatedKey?.[LOG_TABLE.sortKey]?.S,
      };
    };
  };

export type DeliveryReader = ReturnType<typeof deliveryReader>;

function queryInput(
  TableName: string,
  { partitionKey, from, until }: KeyRange,
  after: string | undefined,
  Limit: number,
  now: number,
  { states, rid }: DeliveryFilter,
): QueryCommandInput {
  const wantsDelivered = states?.has('delivered') ?? true;
  const wantsOthers = states === undefined || [...states].some((state) => state !== 'delivered');
  const pk = { S: partitionKey };
  return {
    TableName,
    ConsistentRead: true,
    // The role of the function may read no other attributes, and says so by this (infra/log-table.ts).
    Select: 'SPECIFIC_ATTRIBUTES',
    Limit,
    KeyConditionExpression: '#pk = :pk AND #sk BETWEEN :from AND :until',
    FilterExpression: [
      // DynamoDB deletes late: until then, these items are not there either.
      '(attribute_not_exists(#expiresAt) OR #expiresAt > :now)',
      ...(rid === undefined ? [] : ['#rid = :rid']),
      ...(wantsDelivered ? [] : ['(attribute_not_exists(#delivery) OR #delivery < :delivered)']),
      ...(wantsOthers ? [] : ['#delivery >= :delivered']),
    ].join(' AND '),
    ProjectionExpression: '#sk, #createdAt, #expiresAt, #action, #rid, #delivery',
    ExpressionAttributeNames: {
      '#pk': LOG_TABLE.partitionKey,
      '#sk': LOG_TABLE.sortKey,
      '#createdAt': LOG_TABLE.createdAt,
      '#expiresAt': LOG_TABLE.expiresAt,
      '#action': LOG_TABLE.action,
      '#rid': LOG_TABLE.rid,
      '#delivery': LOG_TABLE.delivery,
    },
    ExpressionAttributeValues: {
      ':pk': pk,
      ':from': { S: from },
      ':until': { S: until },
      ':now': { N: String(Math.floor(now / SECOND)) },
      ...(rid !== undefined && { ':rid': { S: rid } }),
      ...((!wantsDelivered || !wantsOthers) && { ':delivered': { S: DELIVERED_RANK } }),
    },
    ...(after !== undefined && {
      ExclusiveStartKey: { [LOG_TABLE.partitionKey]: pk, [LOG_TABLE.sortKey]: { S: after } },
    }),
  };
}

function storedDelivery(
  partitionKey: string,
  item: Record<string, AttributeValue>,
  lifetime: number,
): StoredDelivery {
  const createdAt = Number(item[LOG_TABLE.createdAt]?.N);
  const expiresAt = item[LOG_TABLE.expiresAt]?.N;
  const record = item[LOG_TABLE.delivery]?.S;
  return {
    key: { partitionKey, sortKey: item[LOG_TABLE.sortKey]?.S ?? '' },
    createdAt,
    readableUntil: endOfLifetime(
      createdAt,
      expiresAt === undefined ? undefined : Number(expiresAt),
      lifetime,
    ),
    action: item[LOG_TABLE.action]?.S,
    rid: item[LOG_TABLE.rid]?.S,
    record: record === undefined ? undefined : decodeRecord(record),
  };
}
