import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { SECOND } from '../time.ts';
import { LOG_TABLE, PACE_PARTITIONS } from './log-table.ts';

/**
 * Reserves instants for requests to the custom service, over all processes of the deliver function: no two reserved
 * instants are closer together than the rate allows. The item of the table holds the first instant that is not reserved.
 *
 * @param count how many
 * @param earliest the first of them may be, epoch milliseconds
 * @returns the instants, epoch milliseconds, each `1000 / perSecond` after the one before
 */
export type ReserveInstants = (count: number, earliest: number, signal: AbortSignal) => Promise<number[]>;

const KEY = { [LOG_TABLE.partitionKey]: `${PACE_PARTITIONS}delivery`, [LOG_TABLE.sortKey]: '0' };
const NEXT = { '#next': 'next' };

/** @param perSecond requests a second */
export function deliveryPace(
  client: DynamoDBDocumentClient,
  tableName: string,
  perSecond: number,
): ReserveInstants {
  const intervalMs = SECOND / perSecond;
  const update = async (
    input: Omit<UpdateCommandInput, 'TableName' | 'Key'>,
    abortSignal: AbortSignal,
  ): Promise<number | undefined> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({ TableName: tableName, Key: KEY, ReturnValues: 'UPDATED_NEW', ...input }),
        { abortSignal },
      );
      return Attributes?.['next'];
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };

  return async (count, earliest, signal) => {
    const span = count * intervalMs;
    for (;;) {
      signal.throwIfAborted();
      // Others have reserved until later: these come next.
      const queued = await update(
        {
          UpdateExpression: 'SET #next = #next + :span',
          ConditionExpression: '#next > :earliest',
          ExpressionAttributeNames: NEXT,
          ExpressionAttributeValues: { ':span': span, ':earliest': earliest },
        },
        signal,
      );
      // Nobody has: these begin at once, unless somebody else has reserved meanwhile.
      const end =
        queued ??
        (await update(
          {
            UpdateExpression: 'SET #next = :end',
            ConditionExpression: 'attribute_not_exists(#next) OR #next <= :earliest',
            ExpressionAttributeNames: NEXT,
            ExpressionAttributeValues: { ':end': earliest + span, ':earliest': earliest },
          },
          signal,
        ));
      if (end === undefined) continue;
      return Array.from({ length: count }, (_, i) => end - span + i * intervalMs);
    }
  };
}
