import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';

/** Translates between the SQS events of Lambda and plain messages: the functions that decide know no AWS type. */

/** A message of a queue. */
export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  /** When it was sent to its queue, by the clock of SQS; epoch milliseconds. */
  readonly sentAt: number;
  /** The texts and numbers among its message attributes, by name; numbers as text. */
  readonly attributes: Readonly<Record<string, string | undefined>>;
}

/** @returns the messages of a batch, in its order */
export const messagesOf = ({ Records }: SQSEvent): QueueMessage[] =>
  Records.map(({ messageId, body, attributes, messageAttributes }) => ({
    messageId,
    body,
    sentAt: Number(attributes.SentTimestamp),
    attributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, { stringValue }]) => [name, stringValue]),
    ),
  }));

/** @returns the ARN of the queue that a batch comes from: Lambda makes a batch of the messages of one queue */
export const queueArnOf = ({ Records }: SQSEvent): string | undefined => Records[0]?.eventSourceARN;

/** @returns the twelve digits of the account that an ARN names */
export const accountOfArn = (arn: string | undefined): string | undefined => arn?.split(':')[4];

/**
 * @param messageIds the messages that stay in their queue; Lambda deletes the others
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export const batchResponse = (messageIds: readonly string[]): SQSBatchResponse => ({
  batchItemFailures: messageIds.map((itemIdentifier) => ({ itemIdentifier })),
});
