import type { Command } from '../command.ts';
import { withDelivery } from '../delivery/delivery.ts';
import { DELIVERY_OPTIONS, DELIVERY_OPTIONS_USAGE, OPERATOR_USAGE } from '../delivery/options.ts';
import { deliveryStatus } from '../delivery/status.ts';
import { EXIT } from '../exit-status.ts';
import { readAwsAddress, readChoice, readOptions } from '../options.ts';

const usage = `Usage: security-logs status [options]

Says whether the delivery to the custom service is on or paused, and how many logs wait: new ones, ones that failed and
are tried again, and ones that were given up. SQS counts approximately.

Options:
  --format FORMAT     table or json (default table)
${DELIVERY_OPTIONS_USAGE}

${OPERATOR_USAGE}

Exit status: 0 done, 1 failed, 2 wrong usage.
`;

export const status: Command = {
  summary: 'says whether the delivery is on, and how many logs wait',
  usage,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...DELIVERY_OPTIONS,
      format: { type: 'string', default: 'table' },
    });
    if (values.help) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const format = readChoice('--format', values.format, ['table', 'json']);
    const options = { address: readAwsAddress(values), functionName: values.function };
    const found = await withDelivery(options, deliveryStatus);
    const rows = [
      ['delivery', found.delivery],
      ['new logs', found.new],
      ['failed logs', found.retries],
      ['dead letters', found.deadLetters],
    ] as const;
    const table = rows.map(([name, value]) => `${name.padEnd(14)}${value}\n`).join('');
    await terminal.write(format === 'json' ? `${JSON.stringify(found)}\n` : table);
    return EXIT.done;
  },
};
