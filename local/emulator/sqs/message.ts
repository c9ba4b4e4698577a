import { createHash, randomUUID } from 'node:crypto';
import * as z from 'zod/mini';

export const attributesSchema = z.record(
  z.string(),
  z.object({
    DataType: z.string(),
    StringValue: z.optional(z.string()),
    BinaryValue: z.optional(z.string()),
  }),
);
export type MessageAttributes = Readonly<z.infer<typeof attributesSchema>>;

/** What a message is from its sending to its deletion. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Epoch milliseconds. A dead-letter queue keeps it: the retention counts from the first queue. */
  readonly sentAt: number;
  /** The ARN of the queue that gave it up. */
  readonly deadLetterSource?: string | undefined;
}

/** A message as one receiver has it, until its visibility timeout has passed. */
export interface ReceivedMessage extends Message {
  readonly receiptHandle: string;
  /** How often it has been received, this time included. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly firstReceivedAt: number;
}

export const newMessage = (body: string, attributes: MessageAttributes = {}): Message => ({
  id: randomUUID(),
  body,
  attributes,
  sentAt: Date.now(),
});

/**
 * The size of a message as SQS counts it: its body, and the name, type and value of each attribute. Bytes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const sizeOf = ({ body, attributes }: Message): number =>
  Object.entries(attributes).reduce(
    (sum, [name, { DataType, StringValue = '', BinaryValue = '' }]) =>
      sum + Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64'),
    Buffer.byteLength(body),
  );

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** The system attributes of a received message, all of them strings. */
export const systemAttributes = (message: ReceivedMessage, senderId: string): Record<string, string> => ({
  ApproximateReceiveCount: String(message.receiveCount),
  SentTimestamp: String(message.sentAt),
  SenderId: senderId,
  ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
  ...(message.deadLetterSource !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSource }),
});
