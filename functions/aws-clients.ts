import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The DynamoDB client both functions use, tuned for many small binary items (design section 2).
 *
 * @param maxAttempts how often a request is tried while DynamoDB throttles or fails, backing off between
 */
export function dynamoDbClient(maxAttempts: number): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    maxAttempts,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 5000,
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
    // A logger without `info` keeps the client from passing every output through its redaction filter.
    logger: SILENT_LOGGER,
    // Twice as fast as the client's own decoder, and it gives Buffers.
    base64Decoder: (text) => Buffer.from(text, 'base64'),
  });
  return DynamoDBDocumentClient.from(client);
}

const nothing = (): void => {};
const SILENT_LOGGER = { trace: nothing, debug: nothing, warn: nothing, error: nothing } as unknown as Console;
