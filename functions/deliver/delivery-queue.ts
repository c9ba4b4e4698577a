import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { type DeliveryState, deadLetterAttributes, stateAttributes } from './delivery-state.ts';

/**
 * Where the messages go that were not delivered. Both send a new message with the announcement as it was, and the
 * caller lets the old one be deleted: a crash between the two leaves both, and a log may be delivered twice.
 */
export interface DeliveryQueue {
  /** Sends the message to the retry queue. It comes back when it is due, or earlier if that is too far off for SQS. */
  retry(record: SQSRecord, state: DeliveryState): Promise<void>;
  /** Sends the message to the dead-letter queue. */
  giveUp(record: SQSRecord, state: DeliveryState): Promise<void>;
}

/**
 * The longest delay of a message, seconds.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const DELAY_LIMIT = 900;

/** @param now epoch milliseconds */
export function deliveryQueue(
  client: SQSClient,
  retryQueueUrl: string,
  deadLetterQueueUrl: string,
  now: () => number,
): DeliveryQueue {
  return {
    async retry({ body }, state) {
      const at = now();
      const delay = Math.ceil((state.notBefore - at) / 1000);
      const input = {
        QueueUrl: retryQueueUrl,
        MessageBody: body,
        DelaySeconds: Math.min(DELAY_LIMIT, Math.max(0, delay)),
        MessageAttributes: stateAttributes(state, at),
      };
      await client.send(new SendMessageCommand(input));
    },
    async giveUp({ body }, state) {
      const input = {
        QueueUrl: deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: deadLetterAttributes(state),
      };
      await client.send(new SendMessageCommand(input));
    },
  };
}
