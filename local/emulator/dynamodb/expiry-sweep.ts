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
  readonly pageSize: number;
  onError(error: unknown): void;
}

/**
 * Deletes expired items, as DynamoDB's TTL does and dynalite does not. It walks the table in the background, one small
 * page at a time, again and again. Items are deleted late, as in DynamoDB.
 */
export function startExpirySweep(options: ExpirySweepOptions): { close(): void } {
  let next: Record<string, AttributeValue> | undefined;
  let closed = false;
  const step = async (): Promise<void> => {
    try {
      next = await sweepPage(options, next);
    } catch (error) {
      if (!closed) options.onError(error);
    }
    if (!closed) timer.refresh();
  };
  const timer = setTimeout(step, options.interval).unref();
  return {
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
}

async function sweepPage(
  { client, tableName: TableName, keyAttributes, attribute, pageSize }: ExpirySweepOptions,
  start: Record<string, AttributeValue> | undefined,
): Promise<Record<string, AttributeValue> | undefined> {
  const expired = {
    TableName,
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': { N: String(Math.floor(Date.now() / 1000)) } },
  };
  const isExpired = '#ttl < :now';
  const page = await client.send(
    new ScanCommand({ ...expired, Limit: pageSize, ExclusiveStartKey: start, FilterExpression: isExpired }),
  );
  for (const item of page.Items ?? []) {
    const Key = Object.fromEntries(Object.entries(item).filter(([name]) => keyAttributes.includes(name)));
    try {
      await client.send(new DeleteItemCommand({ ...expired, Key, ConditionExpression: isExpired }));
    } catch (error) {
      // It was written again since the scan.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
  return page.LastEvaluatedKey;
}
