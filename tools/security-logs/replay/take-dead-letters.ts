import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { storedLogKey } from '../../../shared/event/announcement.ts';
import { parseJson } from '../../../shared/parse-json.ts';

/** Long enough to read all messages without meeting one again, seconds. If the process is killed, so long it stays hidden. */
const HIDDEN_SECONDS = 300;
/** SQS asks all its servers only in a long poll, seconds. */
const POLL_SECONDS = 1;
const AT_ONCE = 10;

/**
 * Deletes the dead letters of logs that were sent again, so that nobody delivers these a second time, and the queue's
 * alarm ends. The other messages are visible again when it ends.
 *
 * @param isSent whether a log was sent, by its sort key
 * @param onRead is told how many messages were read
 * @param signal ends the reading within a poll
 * @returns how many were deleted
 */
export async function takeDeadLetters(
  sqs: SQSClient,
  QueueUrl: string,
  isSent: (partitionKey: string, sortKey: string) => boolean,
  onRead: (count: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const others: string[] = [];
  let [read, deleted] = [0, 0];
  try {
    while (!signal.aborted) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: AT_ONCE,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: POLL_SECONDS,
        }),
      );
      if (Messages.length === 0) break;
      await pMap(Messages, async ({ Body = '', ReceiptHandle = '' }) => {
        const key = storedLogKey(parseJson(Body));
        if (key === undefined || !isSent(key.partitionKey, key.sortKey)) {
          others.push(ReceiptHandle);
          return;
        }
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        deleted += 1;
      });
      read += Messages.length;
      onRead(read);
    }
  } finally {
    const show = (ReceiptHandle: string) =>
      sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    await pMap(others, show, { concurrency: AT_ONCE, stopOnError: false });
  }
  return deleted;
}
