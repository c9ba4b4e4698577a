import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Makes every AWS client of the functions, so that each of them has timeouts. */

/** The timeouts of one attempt of a request, milliseconds. They start again with each attempt. */
export interface Timeouts {
  /** Until the TCP connection is open. */
  readonly connectMs: number;
  /** Until the head of the response arrives, TLS handshake included; and for each silence of the connection after it. */
  readonly answerMs: number;
}

/** For requests that AWS answers within milliseconds. */
export const TIMEOUTS: Timeouts = { connectMs: 2_000, answerMs: 3_000 };

/** For DynamoDB queries, which read up to 1 MB each. */
export const READING_TIMEOUTS: Timeouts = { ...TIMEOUTS, answerMs: 10_000 };

/** For invoking a function: it may take longer than an HTTPS service, but not as long as the deliver function itself. */
export const INVOKING_TIMEOUTS: Timeouts = { ...TIMEOUTS, answerMs: 14_000 };

/**
 * Makes an AWS client. It takes the client's class, so that each function loads only the clients that it uses.
 *
 * @param maxAttempts how often a request is tried while the service throttles or fails, with a backoff between attempts
 */
export const awsClient = <Client>(
  ClientOfService: new (options: ReturnType<typeof clientOptions>) => Client,
  maxAttempts: number,
  timeouts: Timeouts = TIMEOUTS,
): Client => new ClientOfService(clientOptions(maxAttempts, timeouts));

/**
 * Makes the DynamoDB client of the functions, tuned for many small binary items
 * (docs/architecture.md#collect-then-stream).
 *
 * @param maxAttempts how often a request is tried while DynamoDB throttles or fails, with a backoff between attempts
 */
export function dynamoDbClient(maxAttempts: number, timeouts: Timeouts = TIMEOUTS): DynamoDBDocumentClient {
  const options = clientOptions(maxAttempts, timeouts);
  const client = new DynamoDBClient({
    ...options,
    requestHandler: { ...options.requestHandler, httpsAgent: { keepAlive: true, maxSockets: 64 } },
    // This is twice as fast as the client's own decoder, and gives Buffers.
    base64Decoder: (text) => Buffer.from(text, 'base64'),
  });
  return DynamoDBDocumentClient.from(client);
}

/**
 * @param maxAttempts how often a request is tried while EventBridge throttles or fails, with a backoff between attempts
 */
export const eventBridgeClient = (maxAttempts: number, timeouts: Timeouts = TIMEOUTS): EventBridgeClient =>
  awsClient(EventBridgeClient, maxAttempts, timeouts);

const nothing = (): void => {};

const clientOptions = (maxAttempts: number, { connectMs, answerMs }: Timeouts) => ({
  maxAttempts,
  requestHandler: {
    connectionTimeout: connectMs,
    requestTimeout: answerMs,
    // Without this, a request that takes too long only causes a warning.
    throwOnRequestTimeout: true,
    // The request's timeout ends with the head of the response. This one covers a body that stops arriving.
    socketTimeout: answerMs,
  },
  // The client skips the redaction of every input and output if its logger has no `info`.
  logger: { trace: nothing, debug: nothing, warn: nothing, error: nothing } as unknown as Console,
});
