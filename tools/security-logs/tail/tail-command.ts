import { setTimeout as sleep } from 'node:timers/promises';
import { readFeedAnswer } from '../../../shared/api-client/feed-answer.ts';
import { UsageError } from '../../../shared/command-line.ts';
import { formatRfc3339 } from '../../../shared/query/time-window.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-status.ts';
import {
  LOCAL_STACK,
  readApiKey,
  readAppType,
  readOptions,
  readTime,
  readUrl,
  readWholeNumber,
} from '../options.ts';
import { persist } from '../service/persist.ts';
import { counted, type Terminal } from '../terminal.ts';
import { openTailOutput } from './tail-output.ts';

const usage = `Usage: security-logs tail [options]

Follows the feed: writes each log that is stored, a log a line, and waits for more.

Options:
  --output FILE     append the logs to FILE, each exactly once (default: the standard output)
  --state FILE      where to keep the place in the feed (default with --output: FILE.state)
  --since TIME      without a state: logs stored since then (-15m, -1h, an RFC 3339 time), or now
                    (default: the oldest that is kept)
  --once            end when there is no more for now
  --limit N         the most logs in an answer, up to 10000 (default 10000)
  --app-type TYPE   only player, or only builder
  --url URL         where the feed is read: the output FeedUrl of the stack (default: the local stack's)
  --help            show this

It may be killed at any time; start it again with the same options, one at a time.
Into a file, each log is written exactly once: the state holds the length of the file and the cursor, and a restart cuts
the file back to that length. It is the state of docs/feed/follow.ts.
To the standard output, each log is written at least once: what was written after the last state is written again after
a restart. Without --state, a restart begins at --since.

EASYSEND_SECURITY_LOGS_API_KEY is the API key. Exit status: 0 done, 1 failed, 2 wrong usage, 3 refused. Everything that
may pass is tried again, without end.
`;

/** How long to wait at the end of the feed, milliseconds. */
const PAUSE_MS = 2_000;

export const tail: Command = {
  summary: 'follows the feed, and goes on where it was',
  usage,
  async run(args, terminal) {
    const options = readTailOptions(args, terminal);
    if (options === undefined) {
      await terminal.write(usage);
      return EXIT.done;
    }
    const { url, key, once } = options;
    const output = await openTailOutput(options, terminal);
    try {
      let { cursor } = output;
      for (let count = 0; ; ) {
        const address = new URL(url);
        if (cursor !== '') address.searchParams.set('cursor', cursor);
        const answer = await persist(() => readFeedAnswer(address, key), {
          attempts: Number.POSITIVE_INFINITY,
          onWait: (reason, waitMs) =>
            terminal.say(`no whole answer (${reason}); trying again in ${Math.ceil(waitMs / 1000)} s`),
        });
        if (answer.gapSince !== undefined)
          terminal.say(terminal.styled('yellow', `logs may be missing since ${answer.gapSince}`));
        await output.keep(answer.lines, answer.cursor);
        cursor = answer.cursor;
        count += answer.logs;
        terminal.progress(`${counted(count, 'log')}${answer.hasMore ? '' : ', no more for now'}`);
        if (answer.hasMore) continue;
        if (once) break;
        await sleep(PAUSE_MS);
      }
    } finally {
      await output.close();
    }
    terminal.endProgress();
    return EXIT.done;
  },
};

function readTailOptions(args: readonly string[], terminal: Terminal) {
  const { values } = readOptions(args, {
    output: { type: 'string' },
    state: { type: 'string' },
    since: { type: 'string' },
    once: { type: 'boolean', default: false },
    limit: { type: 'string', default: '10000' },
    'app-type': { type: 'string' },
    url: { type: 'string', default: LOCAL_STACK.feed },
  });
  if (values.help) return undefined;
  const { output, since, once } = values;
  const state = values.state ?? (output && `${output}.state`);
  if (output === '' || state === '') throw new UsageError('the name of a file is empty');
  const limit = readWholeNumber('--limit', values.limit, 1);
  if (limit > 10_000) throw new UsageError(`--limit is ${limit}; accepted: up to 10000`);

  const url = readUrl('--url', values.url);
  const parameters: Record<string, string> = { limit: String(limit), ...readAppType(values['app-type']) };
  if (since === 'now') parameters['start_time'] = 'now';
  else if (since !== undefined)
    parameters['start_time'] = formatRfc3339(readTime('--since', since, terminal.now()));
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url, key: readApiKey(terminal), once, output, state };
}
