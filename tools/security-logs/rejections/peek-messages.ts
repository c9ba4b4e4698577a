import {
  ChangeMessageVisibilityCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';

/** Long enough to read on without meeting a message again, seconds. If the process is killed, so long it stays hidden. */
const HIDDEN_SECONDS = 300;
/** SQS asks all its servers only in a long poll, seconds. */
const POLL_SECONDS = 1;
const AT_ONCE = 10;

/**
 * Reads messages and leaves them in the queue: in the end, also after an error, each is visible again.
 *
 * @param most how many messages at most. Their handles are kept, some hundred bytes each
 * @param signal ends the reading within a poll
 * @yields the bodies
 */
export async function* peekMessages(
  client: SQSClient,
  QueueUrl: string,
  most: number,
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const handles: string[] = [];
  const seen = new Set<string>();
  try {
    while (seen.size < most && !signal?.aborted) {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(AT_ONCE, most - seen.size),
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: POLL_SECONDS,
        }),
      );
      if (Messages.length === 0) return;
      handles.push(...Messages.map(handleOf));
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const { MessageId = '' } of Messages) seen.add(MessageId);
      for (const { Body = '' } of fresh) yield Body;
    }
  } finally {
    const show = (ReceiptHandle: string) =>
      client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await pMap(handles, show, { concurrency: AT_ONCE, stopOnError: false });
  }
}

const handleOf = ({ ReceiptHandle = '' }: Message): string => ReceiptHandle;
