import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { ArchiveStates } from '../../archive/archive.ts';
import { parseState, stateText } from '../../archive/batch.ts';
import { UnknownVersion } from '../../unknown-version.ts';
import { untilAborted } from '../../until-aborted.ts';
import { ARCHIVE_PARTITION, LOG_TABLE } from '../log-table.ts';

/**
 * The state of the archive: one item of the log table, `archive#state`, with the version of its form, a revision that
 * counts its writes, and the state as JSON. It never expires.
 */

const VERSION = 1;
const KEY = { [LOG_TABLE.partitionKey]: ARCHIVE_PARTITION, [LOG_TABLE.sortKey]: 'state' };

const itemSchema = z.object({
  v: z.literal(VERSION),
  revision: z.number(),
  state: z.pipe(z.string(), z.transform(parseState)),
});

/** `read` throws UnknownVersion if a later release wrote the state. */
export const dynamoDbArchiveStates = ({
  client,
  tableName,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}): ArchiveStates => ({
  async read(signal) {
    const command = new GetCommand({ TableName: tableName, Key: KEY, ConsistentRead: true });
    const { Item } = await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    if (Item === undefined) return { revision: 0 };
    if (typeof Item['v'] === 'number' && Item['v'] > VERSION)
      throw new UnknownVersion('the state of the archive', Item['v'], [VERSION]);
    const { revision, state } = itemSchema.parse(Item);
    return { revision, ...state };
  },

  async replace(revision, state, signal) {
    const command = new PutCommand({
      TableName: tableName,
      Item: { ...KEY, v: VERSION, revision: revision + 1, state: stateText(state) },
      ConditionExpression: revision === 0 ? 'attribute_not_exists(#pk)' : '#revision = :revision',
      ...(revision === 0
        ? { ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey } }
        : {
            ExpressionAttributeNames: { '#revision': 'revision' },
            ExpressionAttributeValues: { ':revision': revision },
          }),
    });
    try {
      await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  },
});
