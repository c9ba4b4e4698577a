import {
  ConditionalCheckFailedException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { FeedTable, OpenFeedTable } from '../../feed/feed-table.ts';
import { untilAborted } from '../../until-aborted.ts';
import { LOG_TABLE } from '../log-table.ts';
import {
  afterSlot,
  contentItem,
  contentOf,
  FEED_ITEM,
  HEAD_KEY,
  headOf,
  type Item,
  lifetimesText,
  numberAttribute,
  sealItem,
  settledAttribute,
  shardKey,
  slotsOf,
  VERSION_VALUE,
} from './feed-items.ts';
import { logInserter } from './insert-logs.ts';

/** The feed's table in DynamoDB. All of the feed's requests to DynamoDB are here and in insert-logs.ts. */

export interface FeedTableOptions {
  /** Gives binary attributes as Buffers (functions/aws-clients.ts). */
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

/** Opens the feed's table for one piece of work. */
export const dynamoDbFeedTable =
  ({ client, tableName }: FeedTableOptions): OpenFeedTable =>
  (signal) => {
    const TableName = tableName;
    const send = <Output>(
      request: (options: { abortSignal: AbortSignal }) => Promise<Output>,
    ): Promise<Output> => untilAborted(signal, () => request({ abortSignal: signal }));

    /** @returns the item that was there already */
    const putOnce = async (item: Item): Promise<Item | undefined> => {
      const command = new PutItemCommand({
        TableName,
        Item: item,
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      try {
        await send((options) => client.send(command, options));
        return undefined;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException && error.Item) return error.Item;
        throw error;
      }
    };

    /** @returns whether the condition held */
    const updateHead = async (input: HeadUpdate): Promise<boolean> => {
      const command = new UpdateItemCommand({ TableName, Key: HEAD_KEY, ...input });
      try {
        await send((options) => client.send(command, options));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    };

    const table: FeedTable = {
      async readHead({ consistent }) {
        const command = new GetItemCommand({ TableName, Key: HEAD_KEY, ConsistentRead: consistent });
        const { Item } = await send((options) => client.send(command, options));
        return Item && headOf(Item);
      },

      async allocate(shard, { epoch, lifetimes }) {
        const command = new UpdateItemCommand({
          TableName,
          Key: HEAD_KEY,
          UpdateExpression: `ADD #q :one SET ${[
            '#v = if_not_exists(#v, :v)',
            '#epoch = if_not_exists(#epoch, :epoch)',
            '#lifetimes = if_not_exists(#lifetimes, :lifetimes)',
          ].join(', ')}`,
          ExpressionAttributeNames: {
            '#q': numberAttribute(shard),
            '#v': FEED_ITEM.version,
            '#epoch': FEED_ITEM.epoch,
            '#lifetimes': FEED_ITEM.lifetimes,
          },
          ExpressionAttributeValues: {
            ':one': { N: '1' },
            ':v': VERSION_VALUE,
            ':epoch': { S: epoch },
            ':lifetimes': { S: lifetimesText(lifetimes) },
          },
          ReturnValues: 'ALL_NEW',
        });
        const { Attributes = {} } = await send((options) => client.send(command, options));
        return headOf(Attributes);
      },

      replaceLifetimes: (expected, lifetimes) =>
        updateHead({
          UpdateExpression: 'SET #lifetimes = :lifetimes',
          ConditionExpression: '#lifetimes = :expected',
          ExpressionAttributeNames: { '#lifetimes': FEED_ITEM.lifetimes },
          ExpressionAttributeValues: {
            ':lifetimes': { S: lifetimesText(lifetimes) },
            ':expected': { S: lifetimesText(expected) },
          },
        }),

      async noteSettled(shard, number) {
        await updateHead({
          UpdateExpression: 'SET #settled = :number',
          ConditionExpression:
            'attribute_exists(#v) AND (attribute_not_exists(#settled) OR #settled < :number)',
          ExpressionAttributeNames: { '#settled': settledAttribute(shard), '#v': FEED_ITEM.version },
          ExpressionAttributeValues: { ':number': { N: String(number) } },
        });
      },

      async putContent(name, content, expiresAt) {
        const found = await putOnce(contentItem(name, content, expiresAt));
        return found && contentOf(found);
      },

      async putSeal(name, seal, expiresAt) {
        await putOnce(sealItem(name, seal, expiresAt));
      },

      async readSlots(shard, after, limit, { consistent }) {
        const command = new QueryCommand({
          TableName,
          ConsistentRead: consistent,
          KeyConditionExpression: '#pk = :pk AND #sk > :after',
          ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey, '#sk': LOG_TABLE.sortKey },
          ExpressionAttributeValues: { ':pk': shardKey(shard), ':after': afterSlot(after) },
          Limit: 2 * limit,
        });
        const { Items = [], LastEvaluatedKey } = await send((options) => client.send(command, options));
        const slots = slotsOf(Items);
        const isEnd = LastEvaluatedKey === undefined;
        // The seal of the last intent may be the next item.
        const last = slots.at(-1);
        const isCut = !isEnd && last?.content?.kind === 'intent' && last.seal === undefined;
        return { slots: isCut ? slots.slice(0, -1) : slots, isEnd };
      },

      putLogs: logInserter({ client, tableName, signal }),
    };
    return table;
  };

type HeadUpdate = Pick<
  ConstructorParameters<typeof UpdateItemCommand>[0],
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;
