import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';

export interface ExpirySweepOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly keyAttributes: readonly string[];
  /** The TTL attribute: epoch seconds. */
  readonly attribute: string;
  /** Milliseconds between two pages. */
  readonly interval: number;
  /** Items looked at in one step. */
  readonly pageSize: number;
  onError(error: unknown): void;
}

/**
 * Deletes items whose time has passed, as DynamoDB's TTL does and dynalite does not. It walks the table in the
 * background, one small page at a time, round and round: late, as DynamoDB is, and hardly to be felt.
 *
 * @returns how to stop it
 */
export function startExpirySweep(options: ExpirySweepOptions): { close(): void } {
  let next: Record<string, AttributeValue> | undefined;
  let timer: NodeJS.Timeout;
  let closed = false;

  const step = async (): Promise<void> => {
    try {
      next = await sweepPage(options, next);
    } catch (error) {
      if (!closed) options.onError(error);
    }
    if (!closed) schedule();
  };
  const schedule = (): void => {
    timer = setTimeout(step, options.interval).unref();
  };
  schedule();

  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function sweepPage(
  { client, tableName, keyAttributes, attribute, pageSize }: ExpirySweepOptions,
  start: Record<string, AttributeValue> | undefined,
): Promise<Record<string, AttributeValue> | undefined> {
  const now = { N: String(Math.floor(Date.now() / 1000)) };
  const keyNames = Object.fromEntries(keyAttributes.map((name, index) => [`#key${index}`, name]));
  const page = await client.send(
    new ScanCommand({
      TableName: tableName,
      Limit: pageSize,
      ExclusiveStartKey: start,
      FilterExpression: '#ttl < :now',
      ProjectionExpression: Object.keys(keyNames).join(', '),
      ExpressionAttributeNames: { '#ttl': attribute, ...keyNames },
      ExpressionAttributeValues: { ':now': now },
    }),
  );
  for (const Key of page.Items ?? []) {
    try {
      await client.send(
        new DeleteItemCommand({
          TableName: tableName,
          Key,
          ConditionExpression: '#ttl < :now',
          ExpressionAttributeNames: { '#ttl': attribute },
          ExpressionAttributeValues: { ':now': now },
        }),
      );
    } catch (error) {
      // It was written anew since the scan.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  return page.LastEvaluatedKey;
}
