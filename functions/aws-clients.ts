import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Every client of AWS that the functions use is made here, so that none waits without end. */

/** How long one attempt of a request may take, milliseconds. A new attempt has the same time again. */
export interface Timeouts {
  /** Until the TCP connection is there. */
  readonly connectMs: number;
  /** Until the head of the response, the TLS handshake included; and how long the connection may be silent. */
  readonly answerMs: number;
}

/** For requests that AWS answers within milliseconds. */
export const TIMEOUTS: Timeouts = { connectMs: 2_000, answerMs: 3_000 };

/** For queries, which read up to 1 MB each. */
export const READING_TIMEOUTS: Timeouts = { ...TIMEOUTS, answerMs: 10_000 };

/** How long an invoked function may take: longer than an HTTPS service has, shorter than the deliver function. */
export const INVOKING_TIMEOUTS: Timeouts = { ...TIMEOUTS, answerMs: 14_000 };

/**
 * Makes a client of AWS. It takes the client's class, so that a function loads the clients it uses and no other.
 *
 * @param maxAttempts how often a request is tried while the service throttles or fails, backing off between
 */
export const awsClient = <Client>(
  ClientOfService: new (options: ReturnType<typeof clientOptions>) => Client,
  maxAttempts: number,
  timeouts: Timeouts = TIMEOUTS,
): Client => new ClientOfService(clientOptions(maxAttempts, timeouts));

/**
 * The DynamoDB client the functions use, tuned for many small binary items (docs/architecture.md).
 *
 * @param maxAttempts how often a request is tried while DynamoDB throttles or fails, backing off between
 */
export function dynamoDbClient(maxAttempts: number, timeouts: Timeouts = TIMEOUTS): DynamoDBDocumentClient {
  const options = clientOptions(maxAttempts, timeouts);
  const client = new DynamoDBClient({
    ...options,
    requestHandler: { ...options.requestHandler, httpsAgent: { keepAlive: true, maxSockets: 64 } },
    // Twice as fast as the client's own decoder, and it gives Buffers.
    base64Decoder: (text) => Buffer.from(text, 'base64'),
  });
  return DynamoDBDocumentClient.from(client);
}

/** @param maxAttempts how often a request is tried while EventBridge throttles or fails, backing off between */
export const eventBridgeClient = (maxAttempts: number, timeouts: Timeouts = TIMEOUTS): EventBridgeClient =>
  awsClient(EventBridgeClient, maxAttempts, timeouts);

const nothing = (): void => {};

const clientOptions = (maxAttempts: number, { connectMs, answerMs }: Timeouts) => ({
  maxAttempts,
  requestHandler: {
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    // Without it, a request that is too late is only warned of.
    throwOnRequestTimeout: true,
    // The request's timeout ends with the head of the response: this one is for a body that stops coming.
    socketTimeout: answerMs,
  },
  // A logger without `info` keeps the client from passing every input and output through its redaction filter.
  logger: { trace: nothing, debug: nothing, warn: nothing, error: nothing } as unknown as Console,
});
