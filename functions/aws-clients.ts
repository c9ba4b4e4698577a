import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * The DynamoDB client the functions use, tuned for many small binary items (design section 2).
 *
 * @param maxAttempts how often a request is tried while DynamoDB throttles or fails, backing off between
 */
export function dynamoDbClient(maxAttempts: number): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    ...TUNED,
    maxAttempts,
    requestHandler: {
      connectionTimeout: 1000,
      requestTimeout: 5000,
      httpsAgent: { keepAlive: true, maxSockets: 64 },
    },
    // Twice as fast as the client's own decoder, and it gives Buffers.
    base64Decoder: (text) => Buffer.from(text, 'base64'),
  });
  return DynamoDBDocumentClient.from(client);
}

/** @param maxAttempts how often a request is tried while EventBridge throttles or fails, backing off between */
export const eventBridgeClient = (maxAttempts: number): EventBridgeClient =>
  new EventBridgeClient({ ...TUNED, maxAttempts });

const nothing = (): void => {};

const TUNED = {
  // A logger without `info` keeps the client from passing every input and output through its redaction filter.
  logger: { trace: nothing, debug: nothing, warn: nothing, error: nothing } as unknown as Console,
};
