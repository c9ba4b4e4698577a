import { SendMessageCommand } from '@aws-sdk/client-sqs';
import pMap from 'p-map';
import { UsageError } from '../../../shared/command-line.ts';
import { replayedAnnouncement } from '../../../shared/event/announcement.ts';
import { logKey } from '../../../shared/store/log-key.ts';
import { findQueue } from '../../redrive/queues.ts';
import type { Command } from '../command.ts';
import type { DeliveryRecord } from '../deliveries/delivery-record.ts';
import { readDeliveries } from '../deliveries/read-deliveries.ts';
import { readSelection, SELECTION_OPTIONS } from '../deliveries/selection.ts';
import { type Delivery, withDelivery } from '../delivery/delivery.ts';
import { DELIVERY_OPTIONS, DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE } from '../delivery/options.ts';
import { deliveryState } from '../delivery/status.ts';
import { EXIT } from '../exit-status.ts';
import { readApiKey, readAwsAddress, readOptions, readTime, readWholeNumber } from '../options.ts';
import { paced } from '../send/paced.ts';
import { counted, type Terminal } from '../terminal.ts';
import { type Selected, selectLogs } from './select-logs.ts';
import { takeDeadLetters } from './take-dead-letters.ts';

const usage = `Usage: security-logs replay [options]

Delivers stored logs to the custom service once more: those that it did not get, or any others. It puts them into the
retry queue, at a rate, so new logs do not wait behind them.

Which logs (one of these is needed):
  --id ID             one log, by the id under which it is delivered; may be repeated
  --failed-since TIME logs that were given up, and whose last attempt was at or after this time
  --since TIME        logs whose event occurred from then on
  --until TIME        logs whose event occurred before then

Times: -90s, -15m, -1h, -2d, now, YYYYMMDDHHMMSS in UTC, or an RFC 3339 time.

Options:
  --state STATES      which of them: all, undelivered, or some of delivered, waiting, failed, unknown, with commas
                      between (default undelivered; with --failed-since: failed)
  --rid RID           only logs with this label.rid
  --app-type TYPE     only player, or only builder
  --rate N            logs a second; 0: as fast as the queue takes them (default 10)
  --dry-run           send nothing: write the ids only
  --url URL           where deliveries are read: the output DeliveriesUrl of the stack (default: the local stack's)
${DELIVERY_OPTIONS_USAGE}

The id of each log that was sent is written to the standard output. The receiver may get a log again that it has, with
the same id. Afterwards security-logs deliveries says what became of them. Dead letters of logs that were sent are
deleted. Ctrl-C ends the sending; what was sent is delivered.

EASYSEND_SECURITY_LOGS_API_KEY is the API key. ${OPERATOR_USAGE}
Exit status: 0 all were sent, 1 failed, 2 wrong usage, 3 refused.
`;

/** How many messages are sent at the same time. */
const AT_ONCE = 10;

export const replay: Command = {
  summary: 'delivers logs to the custom service once more',
  usage,
  async run(args, terminal) {
    const options = readReplayOptions(args, terminal);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const selected = await find(options, terminal);
    const { logs, expired } = selected;
    terminal.say(`${counted(logs.length, 'log')} to send${expired > 0 ? `; ${expired} have expired` : ''}`);
    if (options.dryRun) {
      for (const { id } of logs) await terminal.write(`${id}\n`);
      return EXIT.done;
    }
    if (logs.length === 0) return EXIT.done;
    return await withDelivery(options, (delivery) => send(delivery, logs, options.rate, terminal));
  },
};

type ReplayOptions = NonNullable<ReturnType<typeof readReplayOptions>>;

async function find({ urls, key, failedSince }: ReplayOptions, terminal: Terminal): Promise<Selected> {
  const found: DeliveryRecord[] = [];
  for (const url of urls) {
    const answers = readDeliveries(url, key, (reason, waitMs) =>
      terminal.say(`no whole answer (${reason}); trying again in ${Math.ceil(waitMs / 1000)} s`),
    );
    for await (const records of answers) {
      found.push(...records);
      terminal.progress(`${counted(found.length, 'log')} found`);
    }
  }
  terminal.endProgress();
  return selectLogs(found, { failedSince });
}

async function send(
  delivery: Delivery,
  logs: readonly DeliveryRecord[],
  rate: number,
  terminal: Terminal,
): Promise<typeof EXIT.done | typeof EXIT.failed> {
  const { sqs, feeds } = delivery;
  if (deliveryState(delivery) !== 'on')
    terminal.say('the delivery is paused: the logs are delivered after security-logs resume');
  const retries = await findQueue(sqs, feeds.retries.queueName);
  const sent = new Set<string>();
  // Ctrl-C ends the sending, so that the dead letters of what was sent are still taken away.
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    for await (const group of paced(logs.values(), { count: logs.length, rate })) {
      if (interrupt.signal.aborted) break;
      await pMap(
        group,
        async (log) => {
          const MessageBody = replayedAnnouncement(log.app_type, Date.parse(log['@timestamp']), log.event_id);
          await sqs.send(new SendMessageCommand({ QueueUrl: retries.url, MessageBody }));
          sent.add(keyOf(log));
        },
        { concurrency: AT_ONCE },
      );
      await terminal.write(group.map(({ id }) => `${id}\n`).join(''));
      terminal.progress(`${counted(sent.size, 'log')} of ${logs.length.toLocaleString('en-US')} sent`);
    }
    terminal.endProgress();
    if (logs.some((log) => log.state === 'failed' && sent.has(keyOf(log))))
      await takeAway(delivery, sent, terminal);
    return sent.size === logs.length ? EXIT.done : EXIT.failed;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

/** Deletes the dead letters of what was sent. Ctrl-C ends that. */
async function takeAway(
  { sqs, feeds }: Delivery,
  sent: ReadonlySet<string>,
  terminal: Terminal,
): Promise<void> {
  const { deadLetters } = await findQueue(sqs, feeds.queue.queueName);
  if (deadLetters === undefined) return;
  const { url } = await findQueue(sqs, deadLetters);
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const isSent = (partitionKey: string, sortKey: string): boolean => sent.has(`${partitionKey} ${sortKey}`);
    const onRead = (count: number): void => terminal.progress(`${counted(count, 'dead letter')} read`);
    const taken = await takeDeadLetters(sqs, url, isSent, onRead, interrupt.signal);
    terminal.progress(`${counted(taken, 'dead letter')} of these logs deleted`);
    terminal.endProgress();
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

function keyOf(log: DeliveryRecord): string {
  const { partitionKey, sortKey } = logKey(log.app_type, Date.parse(log['@timestamp']), log.event_id);
  return `${partitionKey} ${sortKey}`;
}

function readReplayOptions(args: readonly string[], terminal: Terminal) {
  const { values } = readOptions(args, {
    ...SELECTION_OPTIONS,
    ...DELIVERY_OPTIONS,
    'failed-since': { type: 'string' },
    rate: { type: 'string', default: '10' },
    'dry-run': { type: 'boolean', default: false },
  });
  if (values.help) return undefined;
  const { 'failed-since': failedSince, since, until, id } = values;
  if ([failedSince, since, until, id].every((each) => each === undefined))
    throw new UsageError('which logs? --id, --failed-since, --since or --until');
  if (failedSince !== undefined && id !== undefined)
    throw new UsageError('--id and --failed-since exclude each other');
  const now = terminal.now();
  return {
    urls: readSelection(values, failedSince === undefined ? 'undelivered' : 'failed', now),
    failedSince: failedSince === undefined ? undefined : readTime('--failed-since', failedSince, now),
    rate: readWholeNumber('--rate', values.rate, 0),
    dryRun: values['dry-run'],
    address: readAwsAddress(values),
    functionName: values.function,
    key: readApiKey(terminal),
  };
}
