import { newMessage } from '../queues/message.ts';
import type { Queue } from '../queues/queue.ts';
import { envelope, type PublishedEvent } from './envelope.ts';
import type { EventPredicate } from './event-pattern.ts';

export interface RuleTarget {
  readonly queue: Queue;
  /** Takes what cannot be delivered. */
  readonly deadLetters?: Queue;
}

export interface Rule {
  readonly arn: string;
  readonly matches: EventPredicate;
  readonly targets: readonly RuleTarget[];
}

export interface Bus {
  /** Returns when every queue that is a matching rule's target has the event. */
  publish(event: PublishedEvent): Promise<void>;
}

/** @param onLost is told of an event that neither a target nor its dead-letter queue could take */
export function bus(rules: readonly Rule[], onLost: (error: unknown) => void): Bus {
  return {
    async publish(event) {
      const { body, value } = envelope(event);
      const matching = rules.filter(({ matches }) => matches(value));
      await Promise.all(
        matching.flatMap(({ arn, targets }) => targets.map((target) => deliver(body, arn, target, onLost))),
      );
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
async function deliver(
  body: string,
  ruleArn: string,
  { queue, deadLetters }: RuleTarget,
  onLost: (error: unknown) => void,
): Promise<void> {
  try {
    await queue.send([newMessage(body)]);
  } catch (error) {
    const { name, message } = error as Error;
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const why = newMessage(body, {
      RULE_ARN: attribute(ruleArn),
      TARGET_ARN: attribute(queue.options.arn),
      ERROR_CODE: attribute(name),
      ERROR_MESSAGE: attribute(message),
    });
    try {
      if (deadLetters === undefined) throw error;
      await deadLetters.send([why]);
    } catch (lost) {
      onLost(lost);
    }
  }
}
