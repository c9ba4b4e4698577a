import { Construct } from 'constructs';
import { alarmOnMessages } from './alarms.ts';
import { rejectedEvents } from './event-patterns.ts';
import { DurableQueue, route } from './queues.ts';
import type { SecurityEventBus } from './security-event-bus.ts';

export interface RejectionsProps {
  readonly bus: SecurityEventBus;
  /** The ARN of the customer's key that encrypts the messages. */
  readonly queueKeyArn: string | undefined;
}

/** Keeps rejected events with the reason, for a person to look at (docs/contract.md#publishing-an-event). */
export class Rejections extends Construct {
  readonly queue: DurableQueue;

  constructor(scope: Construct, id: string, { bus, queueKeyArn }: RejectionsProps) {
    super(scope, id);
    this.queue = new DurableQueue(this, 'Queue', { keyArn: queueKeyArn });
    alarmOnMessages(
      this.queue,
      'Events were rejected: each message has the reason and the original.',
      'events-were-rejected',
    );
    route(this, 'RejectedEvents', bus.bus, rejectedEvents(), this.queue);
  }
}
