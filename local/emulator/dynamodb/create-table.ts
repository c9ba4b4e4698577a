import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** Any credentials do on one machine. DynamoDB Local wants letters and digits only. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Seconds. */
const CREATE_PATIENCE = 30;

/** A client of the store, which the caller destroys. */
export const storeClient = (url: string, region: string): DynamoDBClient =>
  new DynamoDBClient({ endpoint: url, region, credentials: LOCAL_CREDENTIALS });

/** Creates a table unless the store has it from an earlier run. */
export async function createTable(
  client: DynamoDBClient,
  TableName: string,
  { AttributeDefinitions, KeySchema }: Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema'>,
): Promise<void> {
  const table = { TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' } as const;
  try {
    await client.send(new CreateTableCommand(table));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
  const patience = { client, maxWaitTime: CREATE_PATIENCE, minDelay: 0.05, maxDelay: 1 };
  await waitUntilTableExists(patience, { TableName });
}
