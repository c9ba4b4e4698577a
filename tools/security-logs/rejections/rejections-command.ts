import { SQSClient } from '@aws-sdk/client-sqs';
import { findQueue } from '../../redrive/queues.ts';
import { awsClientOptions } from '../aws-client-options.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';
import { readAwsAddress, readChoice, readOptions, readWholeNumber } from '../options.ts';
import { counted } from '../terminal.ts';
import { rejectedQueueName } from './find-rejected-queue.ts';
import { peekMessages } from './peek-messages.ts';
import { readRejection } from './rejection.ts';
import { rejectionSummary } from './summary.ts';

const usage = `Usage: security-logs rejections [options]

Says which events were rejected and why, by source. It reads the rejected queue and deletes nothing: every message is
visible again when it ends.

Options:
  --format FORMAT     table: how many, by source and reason; ndjson: each rejection a line, with the event
                      (default table)
  --most N            how many messages to read at most (default 1000)
  --queue QUEUE       the rejected queue, by its name or URL: the output RejectedQueueUrl (default: the queue whose
                      name has RejectionsQueue)
  --endpoint-url URL  of AWS (default: the local stack's, http://127.0.0.1:4566)
  --aws               AWS itself, with region and credentials from where the AWS CLI has them
  --region REGION     with --aws: another region
  --help              show this

SQS counts each reading as a receive. After 100 of them it moves a message to the dead-letter queue, from where
npm run redrive puts it back.

Exit status: 0 done, 1 failed, 2 wrong usage.
`;

export const rejections: Command = {
  summary: 'says which events were rejected and why',
  usage,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      format: { type: 'string', default: 'table' },
      most: { type: 'string', default: '1000' },
      queue: { type: 'string' },
      'endpoint-url': { type: 'string' },
      aws: { type: 'boolean', default: false },
      region: { type: 'string' },
    });
    if (values.help) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const format = readChoice('--format', values.format, ['table', 'ndjson']);
    const most = readWholeNumber('--most', values.most, 1);
    const client = new SQSClient(awsClientOptions(readAwsAddress(values)));
    // Ctrl-C ends the reading, so that what was read is visible again at once.
    const interrupt = new AbortController();
    const onInterrupt = (): void => interrupt.abort();
    process.once('SIGINT', onInterrupt);
    try {
      const queue = await findQueue(client, values.queue ?? (await rejectedQueueName(client)));
      const summary = rejectionSummary();
      let count = 0;
      for await (const body of peekMessages(client, queue.url, most, interrupt.signal)) {
        const rejection = readRejection(body);
        summary.add(rejection);
        if (format === 'ndjson') await terminal.write(`${JSON.stringify(rejection)}\n`);
        count += 1;
        terminal.progress(`${counted(count, 'message')} read`);
      }
      terminal.progress(`${counted(count, 'message')} in ${queue.name}, all of them still there`);
      if (count === most) terminal.say(`there may be more than ${most}: --most N reads more`);
      terminal.endProgress();
      if (format === 'table' && count > 0) await terminal.write(summary.table());
      return EXIT.done;
    } finally {
      process.off('SIGINT', onInterrupt);
      client.destroy();
    }
  },
};
