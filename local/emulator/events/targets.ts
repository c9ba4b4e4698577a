import { text } from 'node:stream/consumers';
import type { Invocable } from '../lambda/invocables.ts';
import { newMessage } from '../sqs/message.ts';
import type { Queue } from '../sqs/queue.ts';

/** What a rule sends events to. */
export interface Target {
  readonly arn: string;
  /** @throws Error if it did not take the event */
  send(event: string): Promise<void>;
}

export const queueTarget = (queue: Queue): Target => ({
  arn: queue.options.arn,
  send: (event) => queue.send([newMessage(event)]),
});

/**
 * A function takes every event at once, as Lambda does. One that fails is not tried again, unlike on AWS.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
 */
export const functionTarget = (arn: string, fn: Invocable, onFailure: (error: unknown) => void): Target => ({
  arn,
  async send(event) {
    void fn
      .invoke(event)
      .then((answer) => (answer.mode === 'streaming' ? text(answer.body) : answer.payload))
      .catch(onFailure);
  },
});
