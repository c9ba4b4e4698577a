import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** What the deliver function does to the messages it was given, beside leaving them or failing them. */
export interface DeliveryQueue {
  /** Keeps a message that will be failed hidden for so long, milliseconds. */
  postpone(record: SQSRecord, ms: number): Promise<void>;
  /** Puts a message that no attempt will deliver into the dead-letter queue now, with the reason. */
  deadLetter(record: SQSRecord, reason: string): Promise<void>;
}

/** SQS takes 256 KB of attributes with the body; a reason has no need of more than this, UTF-16 code units. */
const REASON_LIMIT = 1000;

export function deliveryQueue(
  client: SQSClient,
  queueUrl: string,
  deadLetterQueueUrl: string,
): DeliveryQueue {
  return {
    async postpone({ receiptHandle }, ms) {
      const VisibilityTimeout = Math.ceil(ms / 1000);
      const input = { QueueUrl: queueUrl, ReceiptHandle: receiptHandle, VisibilityTimeout };
      await client.send(new ChangeMessageVisibilityCommand(input));
    },
    async deadLetter({ body, attributes }, reason) {
      const text = (StringValue: string) => ({ DataType: 'String', StringValue });
      await client.send(
        new SendMessageCommand({
          QueueUrl: deadLetterQueueUrl,
          MessageBody: body,
          MessageAttributes: {
            Reason: text(reason.slice(0, REASON_LIMIT)),
            Attempts: text(attributes.ApproximateReceiveCount),
          },
        }),
      );
    },
  };
}
