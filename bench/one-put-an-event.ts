import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { IngestDependencies } from '../functions/ingest/ingest.ts';
import type { IdentifiedLog } from '../shared/event/security-event.ts';
import type { Put } from '../shared/feed/write-batch.ts';
import { encodeDocument } from '../shared/log/document-codec.ts';
import { logKey } from '../shared/store/log-key.ts';
import { LOG_TABLE } from '../shared/store/log-table.ts';
import { SECOND } from '../shared/time.ts';
import { untilAborted } from '../shared/until-aborted.ts';

/**
 * What the service's way of storing is compared with: one conditional put for each log, as the service did before the
 * feed. It stores into a table that has none of the logs.
 */

const PARALLEL_PUTS = 32;

export interface PutOptions {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  /** How long the items stay, milliseconds. */
  readonly lifetime: number;
}

export const storeOneByOne = (options: PutOptions): IngestDependencies['store'] => ({
  putAll(logs, createdAt, signal) {
    const waiting = logs.map((log) => ({ log, ...Promise.withResolvers<Put>() }));
    const finished = pMap(
      waiting,
      async ({ log, resolve }) => resolve(await putLog(options, log, createdAt, signal)),
      { concurrency: PARALLEL_PUTS },
    );
    return { puts: waiting.map(({ promise }) => promise), finished: finished.then(() => undefined) };
  },
});

async function putLog(
  { client, tableName, lifetime }: PutOptions,
  { application, timestamp, id, log }: IdentifiedLog,
  createdAt: number,
  signal: AbortSignal,
): Promise<Put> {
  try {
    const json = JSON.stringify(log);
    const { partitionKey, sortKey } = logKey(application, timestamp, id);
    const command = new PutCommand({
      TableName: tableName,
      Item: {
        [LOG_TABLE.partitionKey]: partitionKey,
        [LOG_TABLE.sortKey]: sortKey,
        [LOG_TABLE.document]: encodeDocument(json),
        [LOG_TABLE.createdAt]: createdAt,
        [LOG_TABLE.expiresAt]: Math.ceil((createdAt + lifetime) / SECOND),
        [LOG_TABLE.action]: log.event.action,
        ...(log.label.rid !== undefined && { [LOG_TABLE.rid]: log.label.rid }),
      },
      ConditionExpression: 'attribute_not_exists(#pk) OR #expiresAt <= :now',
      ExpressionAttributeNames: { '#pk': LOG_TABLE.partitionKey, '#expiresAt': LOG_TABLE.expiresAt },
      ExpressionAttributeValues: { ':now': Math.floor(createdAt / SECOND) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    await untilAborted(signal, () => client.send(command, { abortSignal: signal }));
    return { kind: 'stored', log: json };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
