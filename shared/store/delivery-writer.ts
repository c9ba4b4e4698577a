import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DeliveryRecord, encodeRecord } from '../delivery/delivery-record.ts';
import { untilAborted } from '../until-aborted.ts';
import { WRITE_UNIT } from './item-size.ts';
import type { LogKey } from './log-key.ts';
import { LOG_TABLE } from './log-table.ts';

/** How inexact the counting of an item's bytes may be, bytes: DynamoDB tells the size of a number only approximately. */
const SLACK = 8;

/**
 * Records what became of the delivery of a log, in the log's item and in one request.
 *
 * @param itemBytes the size of the item without the record; undefined if it is not known
 * @param signal ends waiting; the record may still be written
 * @throws what DynamoDB throws. It is no error if the log is gone, or if a later record, or that of a delivered log, is there
 */
export type RecordDelivery = (
  key: LogKey,
  record: DeliveryRecord,
  itemBytes: number | undefined,
  signal: AbortSignal,
) => Promise<void>;

export function deliveryWriter(client: DynamoDBDocumentClient, tableName: string): RecordDelivery {
  return async (key, record, itemBytes, signal) => {
    const command = new UpdateItemCommand(
      updateInput(tableName, key, encodeRecord(record, roomIn(itemBytes))),
    );
    try {
      await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  };
}

/**
 * How many bytes a record may take, so that writing it takes no more write units than writing the log did.
 *
 * @param itemBytes the size of the item without the record; undefined if it is not known
 */
export const roomIn = (itemBytes: number | undefined): number => {
  if (itemBytes === undefined) return Number.POSITIVE_INFINITY;
  const free = Math.ceil(itemBytes / WRITE_UNIT) * WRITE_UNIT - itemBytes;
  return free - Buffer.byteLength(LOG_TABLE.delivery) - SLACK;
};

/**
 * The update creates no item: every log has an action, and no other item of the table does. A record replaces a lesser
 * one only (shared/delivery/delivery-record.ts).
 */
const updateInput = (tableName: string, { partitionKey, sortKey }: LogKey, text: string) => ({
  TableName: tableName,
  Key: { [LOG_TABLE.partitionKey]: { S: partitionKey }, [LOG_TABLE.sortKey]: { S: sortKey } },
  UpdateExpression: 'SET #delivery = :record',
  ConditionExpression:
    'attribute_exists(#action) AND (attribute_not_exists(#delivery) OR #delivery < :record)',
  ExpressionAttributeNames: { '#delivery': LOG_TABLE.delivery, '#action': LOG_TABLE.action },
  ExpressionAttributeValues: { ':record': { S: text } },
});
