import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';

/** Long enough to read on without meeting a message again, seconds. If the process is killed, so long it stays hidden. */
const HIDDEN_SECONDS = 300;
/** SQS asks all its servers only in a long poll, seconds. */
const POLL_SECONDS = 1;
/** The most messages that SQS gives in one answer. */
const AT_ONCE = 10;

/** Messages of a queue that are hidden while somebody reads them. Their handles are kept, some hundred bytes each. */
export interface HiddenMessages {
  /** Receives messages that are not hidden yet, ten at most; none if there are no more. */
  receive(most?: number): Promise<Message[]>;
  delete(message: Message): Promise<void>;
  /** Makes every message visible again that was not deleted. */
  show(): Promise<void>;
}

export function hiddenMessages(client: SQSClient, QueueUrl: string): HiddenMessages {
  const handles = new Set<string>();
  return {
    async receive(most = AT_ONCE) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(AT_ONCE, most),
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: POLL_SECONDS,
        }),
      );
      for (const { ReceiptHandle = '' } of Messages) handles.add(ReceiptHandle);
      return Messages;
    },
    async delete({ ReceiptHandle = '' }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      handles.delete(ReceiptHandle);
    },
    async show() {
      const show = (ReceiptHandle: string) =>
        client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
      await pMap(handles, show, { concurrency: AT_ONCE, stopOnError: false });
    },
  };
}
