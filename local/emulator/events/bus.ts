import { newMessage } from '../sqs/message.ts';
import { MessageTooLong, type Queue } from '../sqs/queue.ts';
import { envelope, type PublishedEvent } from './envelope.ts';
import type { EventPredicate } from './event-pattern.ts';
import { MAX_MESSAGE_BYTES, SAFE_DETAIL_BYTES } from './limits.ts';
import type { Target } from './targets.ts';

export interface RuleTarget extends Target {
  /** What the target gets instead of the event. */
  readonly input?: string | undefined;
  /** Takes what cannot be delivered. */
  readonly deadLetters?: Queue;
}

export interface Rule {
  readonly arn: string;
  readonly matches: EventPredicate;
  readonly targets: readonly RuleTarget[];
}

export interface BusWatch {
  /** Is told of an accepted event that is lost: it is too large for a target and its dead-letter queue. */
  onLost(bytes: number): void;
  /** Is told of a detail so large that its event may be lost. */
  onLargeDetail(bytes: number): void;
}

export interface Bus {
  /**
   * Returns when, for every rule that matches, its target or the target's dead-letter queue has the event.
   *
   * @throws Error of a queue, if neither it nor its dead-letter queue could keep the event: it is not accepted
   */
  publish(event: PublishedEvent): Promise<void>;
}

export function bus(rules: readonly Rule[], watch: BusWatch): Bus {
  return {
    async publish(event) {
      const { body, value } = envelope(event);
      const detailBytes = Buffer.byteLength(event.detailJson);
      if (detailBytes > SAFE_DETAIL_BYTES) watch.onLargeDetail(detailBytes);

      const matching = rules.filter(({ matches }) => matches(value));
      const deliveries = matching.flatMap(({ arn, targets }) =>
        targets.map((target) => deliver(target.input ?? body, arn, target, watch)),
      );
      // Waits for all of them, so that nothing is still being written when an event is refused.
      const failed = (await Promise.allSettled(deliveries)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html */
async function deliver(
  body: string,
  ruleArn: string,
  target: RuleTarget,
  { onLost }: BusWatch,
): Promise<void> {
  try {
    await target.send(body);
  } catch (error) {
    const { name, message } = error as Error;
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    const deadLetter = newMessage(body, {
      RULE_ARN: attribute(ruleArn),
      TARGET_ARN: attribute(target.arn),
      ERROR_CODE: attribute(name),
      ERROR_MESSAGE: attribute(message),
    });
    try {
      if (target.deadLetters === undefined) throw error;
      await target.deadLetters.send([deadLetter]);
    } catch (lost) {
      const tooLong = error instanceof MessageTooLong && lost instanceof MessageTooLong;
      if (!tooLong) throw lost;
      onLost(Buffer.byteLength(body));
    }
  }
}

export const describeLargeDetail = (busName: string, bytes: number): string =>
  `a Detail of ${bytes} bytes on the bus ${busName}: above ${SAFE_DETAIL_BYTES} an event may be accepted and then lost, here as on AWS`;

export const describeLost = (busName: string, bytes: number): string =>
  `the bus ${busName} has LOST an event of ${bytes} bytes: a queue and its dead-letter queue take ${MAX_MESSAGE_BYTES}, ` +
  `envelope and attributes included. It was accepted all the same, as on AWS; a Detail of up to ${SAFE_DETAIL_BYTES} bytes surely arrives`;
