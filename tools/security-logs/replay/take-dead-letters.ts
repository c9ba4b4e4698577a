import type { SQSClient } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { storedLogKey } from '../../../shared/event/announcement.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import type { LogKey } from '../../../shared/store/log-key.ts';
import { hiddenMessages } from '../queue/hidden-messages.ts';

/**
 * Deletes the dead letters of logs that were sent again, so that nobody delivers these a second time, and the queue's
 * alarm ends. The other messages are visible again when it ends.
 *
 * @param isSent whether a log was sent
 * @param onRead is told how many messages were read
 * @param signal ends the reading within a poll
 * @returns how many were deleted
 */
export async function takeDeadLetters(
  sqs: SQSClient,
  queueUrl: string,
  isSent: (key: LogKey) => boolean,
  onRead: (count: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const hidden = hiddenMessages(sqs, queueUrl);
  let [read, deleted] = [0, 0];
  try {
    while (!signal.aborted) {
      const messages = await hidden.receive();
      if (messages.length === 0) break;
      await pMap(messages, async (message) => {
        const key = storedLogKey(parseJson(message.Body ?? ''));
        if (key === undefined || !isSent(key)) return;
        await hidden.delete(message);
        deleted += 1;
      });
      read += messages.length;
      onRead(read);
    }
  } finally {
    await hidden.show();
  }
  return deleted;
}
