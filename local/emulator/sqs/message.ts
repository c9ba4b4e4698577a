import { createHash, randomUUID } from 'node:crypto';

/** A message attribute in the shape of the SQS API. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string | undefined;
  readonly BinaryValue?: string | undefined;
}

/** What a message is from its sending to its deletion. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  /** Epoch milliseconds. A dead-letter queue keeps it: the lifetime counts from the first queue. */
  readonly sentAt: number;
  /** The ARN of the queue that gave it up. */
  readonly deadLetterSource?: string;
}

/** A message as one receiver has it, until its visibility timeout has passed. */
export interface ReceivedMessage extends Message {
  readonly receiptHandle: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly firstReceivedAt: number;
}

export const newMessage = (
  body: string,
  attributes: Readonly<Record<string, MessageAttribute>> = {},
): Message => ({ id: randomUUID(), body, attributes, sentAt: Date.now() });

/**
 * What SQS measures of a message: its body, and the name, type and value of each attribute. Bytes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const sizeOf = ({ body, attributes }: Message): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum +
      [name, DataType, StringValue].reduce((length, text) => length + Buffer.byteLength(text), 0) +
      Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(body),
  );

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The system attributes that SQS tells of a message, all as strings. */
export const systemAttributes = (message: ReceivedMessage, senderId: string): Record<string, string> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAt),
  SenderId: senderId,
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.deadLetterSource === undefined ? {} : { DeadLetterQueueSourceArn: message.deadLetterSource }),
});
