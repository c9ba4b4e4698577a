import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';
import { readApiKey, readChoice, readOptions } from '../options.ts';
import { counted } from '../terminal.ts';
import { TABLE_HEAD, tableRow } from './delivery-table.ts';
import { readDeliveries } from './read-deliveries.ts';
import { readSelection, SELECTION_OPTIONS } from './selection.ts';

const usage = `Usage: security-logs deliveries [options]

Says which logs the custom service got and which it did not get, why, and when they are tried again.

Options:
  --since TIME      logs whose event occurred from then on: -90s, -15m, -1h, -2d, YYYYMMDDHHMMSS in UTC, or an RFC
                    3339 time (default: no limit)
  --until TIME      until before when (default: no limit)
  --state STATES    all, undelivered, or some of delivered, waiting, failed, expired, unknown, with commas between
                    (default all)
  --id ID           one log, by the id under which it is delivered; may be repeated
  --rid RID         only logs with this label.rid
  --app-type TYPE   only player, or only builder
  --format FORMAT   table, or ndjson: a delivery a line, with everything that is known (default table)
  --url URL         where deliveries are read: the output DeliveriesUrl of the stack (default: the local stack's)
  --help            show this

waiting: is tried again. failed: was given up. unknown: has no record, so it was not tried yet, or nobody knows.

EASYSEND_SECURITY_LOGS_API_KEY is the API key. Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused.
`;

export const deliveries: Command = {
  summary: 'says which logs the custom service did not get, and why',
  usage,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...SELECTION_OPTIONS,
      format: { type: 'string', default: 'table' },
    });
    if (values.help) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const format = readChoice('--format', values.format, ['table', 'ndjson']);
    const urls = readSelection(values, 'all', terminal.now());
    const key = readApiKey(terminal);
    const counts = new Map<string, number>();
    let total = 0;
    for (const url of urls) {
      const answers = readDeliveries(url, key, (reason, waitMs) =>
        terminal.say(`no whole answer (${reason}); trying again in ${Math.ceil(waitMs / 1000)} s`),
      );
      for await (const records of answers) {
        for (const { state } of records) counts.set(state, (counts.get(state) ?? 0) + 1);
        const lines = records.map((record) =>
          format === 'table' ? tableRow(record) : `${JSON.stringify(record)}\n`,
        );
        if (format === 'table' && total === 0 && lines.length > 0) lines.unshift(TABLE_HEAD);
        total += records.length;
        if (lines.length > 0) await terminal.write(lines.join(''));
        terminal.progress(counted(total, 'log'));
      }
    }
    const states = [...counts].map(([state, count]) => `${count.toLocaleString('en-US')} ${state}`);
    terminal.progress([counted(total, 'log'), states.join(', ')].filter(Boolean).join(': '));
    terminal.endProgress();
    return EXIT.done;
  },
};
