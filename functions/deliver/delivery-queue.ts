import { type MessageAttributeValue, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { SECOND } from '../../shared/time.ts';
import type { QueueMessage } from '../sqs-batch.ts';
import {
  type DeliveryState,
  deadLetterAttributes,
  type StateAttributes,
  stateAttributes,
} from './delivery-state.ts';

/**
 * The queues for logs that were not delivered. Both functions send a new message with the same announcement, and the
 * caller lets the old message be deleted. After a crash between the two both messages exist, and a log may be delivered
 * twice.
 */
export interface DeliveryQueue {
  /**
   * Sends the message to the retry queue. It is received when it is due, or after the longest delay of SQS if that is
   * earlier.
   */
  retry(message: Pick<QueueMessage, 'body'>, state: DeliveryState): Promise<void>;
  /** Sends the message to the dead-letter queue. */
  giveUp(message: Pick<QueueMessage, 'body'>, state: DeliveryState): Promise<void>;
}

/**
 * The longest delay of a message, seconds.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const DELAY_LIMIT = 900;

/** The longest text of an attribute, characters. A message may have 1 MiB with its attributes; a reason needs far less. */
const TEXT_LIMIT = 1000;

/** @param now epoch milliseconds */
export function deliveryQueue(
  client: SQSClient,
  retryQueueUrl: string,
  deadLetterQueueUrl: string,
  now: () => number,
): DeliveryQueue {
  return {
    async retry({ body }, state) {
      const sentAt = now();
      const delay = Math.ceil((state.notBefore - sentAt) / SECOND);
      const input = {
        QueueUrl: retryQueueUrl,
        MessageBody: body,
        DelaySeconds: Math.min(DELAY_LIMIT, Math.max(0, delay)),
        MessageAttributes: messageAttributes(stateAttributes(state, sentAt)),
      };
      await client.send(new SendMessageCommand(input));
    },
    async giveUp({ body }, state) {
      const input = {
        QueueUrl: deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: messageAttributes(deadLetterAttributes(state)),
      };
      await client.send(new SendMessageCommand(input));
    },
  };
}

const messageAttributes = (attributes: StateAttributes): Record<string, MessageAttributeValue> =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attributeValue(value)]));

const attributeValue = (value: string | number): MessageAttributeValue =>
  typeof value === 'number'
    ? { DataType: 'Number', StringValue: String(Math.round(value)) }
    : { DataType: 'String', StringValue: sendableText(value) };

/** SQS refuses control characters and the empty text. */
const sendableText = (text: string): string =>
  text.slice(0, TEXT_LIMIT).replace(/[^\x20-\x7e]/g, '?') || 'unknown';
