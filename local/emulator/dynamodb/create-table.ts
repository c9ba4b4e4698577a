import {
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** Any credentials do on one machine. DynamoDB Local wants letters and digits only. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Seconds. */
const CREATE_PATIENCE = 30;

export interface KeySchema {
  readonly AttributeDefinitions: { AttributeName: string; AttributeType: 'S' | 'N' | 'B' }[];
  readonly KeySchema: { AttributeName: string; KeyType: 'HASH' | 'RANGE' }[];
}

/** A client of the store, which the caller destroys. */
export const storeClient = (url: string, region: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint: url, region, credentials: LOCAL_CREDENTIALS });

/** Creates a table unless the store has it from an earlier run. */
export async function createTable(
  client: DynamoDBClient,
  name: string,
  { AttributeDefinitions, KeySchema }: KeySchema,
): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        AttributeDefinitions,
        KeySchema,
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  await waitUntilTableExists(
    { client, maxWaitTime: CREATE_PATIENCE, minDelay: 0.05, maxDelay: 1 },
    { TableName: name },
  );
}
