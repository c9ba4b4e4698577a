import type { FoundQueue } from './queues.ts';

/** What is to be moved where. */
export interface RedrivePlan {
  readonly from: FoundQueue;
  /** Nothing where each message goes back to the queue it came from. */
  readonly to: FoundQueue | undefined;
}

/**
 * Decides where the messages go. One queue they can come from is named, because SQS itself does not know where to
 * put a message that was sent to the dead-letter queue directly, as those are that a custom service has refused.
 *
 * @param sources the queues that give messages up to this one
 * @param to another queue, if one was asked for
 * @throws Error if SQS cannot move these messages
 */
export function redrivePlan(
  from: FoundQueue,
  sources: readonly FoundQueue[],
  to: FoundQueue | undefined,
): RedrivePlan {
  if (sources.length === 0) {
    throw new Error(
      `${from.name} is not the dead-letter queue of a queue, and SQS moves messages out of those alone: receive its messages, send them where they belong, and delete them`,
    );
  }
  if (to?.arn === from.arn) throw new Error(`the messages are in ${from.name} already`);
  return { from, to: to ?? (sources.length === 1 ? sources[0] : undefined) };
}
