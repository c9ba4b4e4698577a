import { SendMessageCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { replayedAnnouncement } from '../../../shared/event/announcement.ts';
import { type LogKey, logKey } from '../../../shared/store/log-key.ts';
import { findQueue } from '../../redrive/queues.ts';
import type { DeliveryRecord } from '../deliveries/delivery-record.ts';
import type { Delivery } from '../delivery/delivery.ts';
import { deliveryState } from '../delivery/status.ts';
import { EXIT } from '../exit-status.ts';
import { paced } from '../send/paced.ts';
import { counted, type Terminal } from '../terminal.ts';
import { untilInterrupted } from '../until-interrupted.ts';
import { takeDeadLetters } from './take-dead-letters.ts';

/** How many messages are sent at the same time. */
const AT_ONCE = 10;

/**
 * Puts logs into the retry queue, and then deletes the dead letters of those that were sent. Ctrl-C ends the one, and a
 * second Ctrl-C the other.
 *
 * @param rate logs a second; 0: as fast as the queue takes them
 * @returns EXIT.failed if not all were sent
 */
export async function sendAgain(
  delivery: Delivery,
  logs: readonly DeliveryRecord[],
  rate: number,
  terminal: Terminal,
): Promise<typeof EXIT.done | typeof EXIT.failed> {
  if (deliveryState(delivery) !== 'on')
    terminal.say('the delivery is paused: the logs are delivered after security-logs resume');
  const sent = new Set<string>();
  await untilInterrupted((signal) => send(delivery, logs, rate, sent, terminal, signal));
  if (logs.some((log) => log.state === 'failed' && sent.has(keyText(keyOf(log)))))
    await untilInterrupted((signal) => takeAway(delivery, sent, terminal, signal));
  return sent.size === logs.length ? EXIT.done : EXIT.failed;
}

/** @param sent gets the key of each log that was sent */
async function send(
  { sqs, feeds }: Delivery,
  logs: readonly DeliveryRecord[],
  rate: number,
  sent: Set<string>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { url: QueueUrl } = await findQueue(sqs, feeds.retries.queueName);
  const sendOne = async (log: DeliveryRecord): Promise<void> => {
    const MessageBody = replayedAnnouncement(log.app_type, Date.parse(log['@timestamp']), log.event_id);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    sent.add(keyText(keyOf(log)));
  };
  for await (const group of paced(logs.values(), { count: logs.length, rate })) {
    if (signal.aborted) break;
    await pMap(group, sendOne, { concurrency: AT_ONCE });
    await terminal.write(group.map(({ id }) => `${id}\n`).join(''));
    terminal.progress(`${counted(sent.size, 'log')} of ${logs.length.toLocaleString('en-US')} sent`);
  }
  terminal.endProgress();
}

async function takeAway(
  { sqs, feeds }: Delivery,
  sent: ReadonlySet<string>,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { deadLetters } = await findQueue(sqs, feeds.queue.queueName);
  if (deadLetters === undefined) return;
  const { url } = await findQueue(sqs, deadLetters);
  const isSent = (key: LogKey): boolean => sent.has(keyText(key));
  const onRead = (count: number): void => terminal.progress(`${counted(count, 'dead letter')} read`);
  const taken = await takeDeadLetters(sqs, url, isSent, onRead, signal);
  terminal.progress(`${counted(taken, 'dead letter')} of these logs deleted`);
  terminal.endProgress();
}

const keyOf = (log: DeliveryRecord): LogKey =>
  logKey(log.app_type, Date.parse(log['@timestamp']), log.event_id);

const keyText = ({ partitionKey, sortKey }: LogKey): string => `${partitionKey} ${sortKey}`;
