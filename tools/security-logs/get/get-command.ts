import { UsageError } from '../../../shared/command-line.ts';
import { floorToSecond } from '../../../shared/time.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';
import {
  LOCAL_STACK,
  readApiKey,
  readAppType,
  readChoice,
  readOptions,
  readTime,
  readUrl,
} from '../options.ts';
import { counted, type Terminal } from '../terminal.ts';
import { readWindows } from './read-windows.ts';
import { spooledWindow } from './spooled-window.ts';
import { writers } from './writers.ts';

const usage = `Usage: security-logs get [options]

Writes the logs whose events occurred within a time range to the standard output, in the order of their time.

Options:
  --since TIME      from when on: -90s, -15m, -1h, -2d, YYYYMMDDHHMMSS in UTC, or an RFC 3339 time (default -1h)
  --until TIME      until before when, or now (default now)
  --format FORMAT   ndjson: a log a line; json: one array (default ndjson)
  --app-type TYPE   only player, or only builder
  --url URL         where logs are read: the output ApiUrl of the stack (default: the local stack's)
  --help            show this

A range that is too large for one answer is divided as the service says. An answer that was cut is asked for again;
nothing of it was written, because each answer is kept in a temporary file until it is whole. So the output has each log
once, and the memory does not grow with it. If get fails, the output has every log until the time that it says.

EASYSEND_SECURITY_LOGS_API_KEY is the API key. Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused.
`;

/** How many attempts in a row may fail: some four minutes. */
const ATTEMPTS = 12;

export const get: Command = {
  summary: 'writes the logs of a time range',
  usage,
  async run(args, terminal) {
    const options = readGetOptions(args, terminal);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const { url, key, from, until, format } = options;
    const writer = writers[format]((data) => terminal.write(data));
    let count = 0;
    let writtenUntil = from;
    try {
      const windows = readWindows({
        from,
        until,
        ask: (window) => spooledWindow(url, key, window),
        attempts: ATTEMPTS,
        onWait: (reason, waitMs) =>
          terminal.say(`no whole answer (${reason}); trying again in ${Math.ceil(waitMs / 1000)} s`),
      });
      for await (const { lines, logs, end } of windows) {
        for await (const chunk of lines) await writer.write(chunk);
        count += logs;
        writtenUntil = end;
        terminal.progress(`${counted(count, 'log')} until ${end}`);
      }
      await writer.end();
    } catch (error) {
      terminal.say(`written: ${counted(count, 'log')}, complete until ${writtenUntil}`);
      throw error;
    }
    terminal.progress(`${counted(count, 'log')} from ${from} until ${until}`);
    terminal.endProgress();
    return EXIT.done;
  },
};

function readGetOptions(args: readonly string[], terminal: Terminal) {
  const { values } = readOptions(args, {
    since: { type: 'string', default: '-1h' },
    until: { type: 'string' },
    format: { type: 'string', default: 'ndjson' },
    'app-type': { type: 'string' },
    url: { type: 'string', default: LOCAL_STACK.api },
  });
  if (values.help) return undefined;
  const now = floorToSecond(terminal.now());
  const from = readTime('--since', values.since, now);
  const until = values.until === undefined ? now : readTime('--until', values.until, now);
  if (until < from) throw new UsageError('--until is before --since');
  const url = readUrl('--url', values.url);
  for (const [name, value] of Object.entries(readAppType(values['app-type'])))
    url.searchParams.set(name, value);
  return {
    url,
    key: readApiKey(terminal),
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    format: readChoice('--format', values.format, ['ndjson', 'json']),
  };
}
