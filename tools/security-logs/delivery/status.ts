import { findQueue } from '../../redrive/queues.ts';
import type { Delivery } from './delivery.ts';

/** What `security-logs status` says, as JSON has it. */
export interface DeliveryStatus {
  /** `changing` while Lambda switches it, or if only one of the two queues is paused. */
  readonly delivery: 'on' | 'paused' | 'changing';
  /** About how many messages wait, are being tried and are delayed, by queue, as far as SQS knows. */
  readonly new: number;
  readonly retries: number;
  readonly deadLetters: number;
}

export const deliveryState = ({ feeds }: Delivery): DeliveryStatus['delivery'] => {
  const states = [feeds.queue.state, feeds.retries.state];
  if (states.every((state) => state === 'Enabled')) return 'on';
  return states.every((state) => state === 'Disabled') ? 'paused' : 'changing';
};

/** How messages are counted, and how the dead letters' queue is found. */
export async function deliveryStatus(delivery: Delivery): Promise<DeliveryStatus> {
  const { sqs, feeds } = delivery;
  const [fresh, retries] = await Promise.all(
    [feeds.queue, feeds.retries].map(({ queueName }) => findQueue(sqs, queueName)),
  );
  const dead = fresh?.deadLetters === undefined ? undefined : await findQueue(sqs, fresh.deadLetters);
  return {
    delivery: deliveryState(delivery),
    new: fresh?.all ?? 0,
    retries: retries?.all ?? 0,
    deadLetters: dead?.all ?? 0,
  };
}
