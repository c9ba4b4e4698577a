import type { SQSClient } from '@aws-sdk/client-sqs';
import { hiddenMessages } from '../queue/hidden-messages.ts';

/**
 * Reads messages and leaves them in the queue: in the end, also after an error, each is visible again.
 *
 * @param most how many messages at most
 * @param signal ends the reading within a poll
 * @yields the bodies
 */
export async function* peekMessages(
  client: SQSClient,
  queueUrl: string,
  most: number,
  signal?: AbortSignal,
): AsyncGenerator<string, void, void> {
  const hidden = hiddenMessages(client, queueUrl);
  const seen = new Set<string>();
  try {
    while (seen.size < most && !signal?.aborted) {
      const messages = await hidden.receive(most - seen.size);
      if (messages.length === 0) return;
      const fresh = messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
      for (const { MessageId = '' } of messages) seen.add(MessageId);
      for (const { Body = '' } of fresh) yield Body;
    }
  } finally {
    await hidden.show();
  }
}
