/** Follows the feed of security logs with nothing but Node 24 (docs/feed.md#how-to-follow-it). Ask it for --help. */
import { existsSync } from 'node:fs';
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const USAGE = `usage: follow.ts [--once] [--ndjson] URL OUTPUT STATE

Appends each log of the feed at URL to OUTPUT exactly once, one JSON object a line. STATE is a file that holds
the length of OUTPUT and the cursor. It may be killed at any time: start it again with the same arguments, one at
a time. URL may have app_type, limit and start_time. EASYSEND_SECURITY_LOGS_API_KEY is the API key.

  --once     end when there is no more for now, instead of waiting for new logs
  --ndjson   ask for a log a line, instead of one JSON object

Exit status: 0 done, 1 OUTPUT or STATE cannot be used, 2 wrong arguments, 3 the service refuses the request.
Everything else is tried again.`;

function stop(status: number, message: string): never {
  console.error(status === 2 ? message : `follow.ts: ${message}`);
  process.exit(status);
}

/** @throws Error if the answer is not whole; its cause is how long to wait, seconds, if the service says so */
async function ask(address: URL, key: string, accept: string) {
  // A redirect is not followed, because it would send the key to the other host.
  const options = { headers: { apiKey: key, accept }, redirect: 'manual' } as const;
  const response = await fetch(address, { ...options, signal: AbortSignal.timeout(60_000) });
  const { status, headers } = response;
  const text = await response.text(); // throws if the connection broke
  if (status >= 300 && status < 500 && status !== 408 && status !== 429) stop(3, `status ${status}: ${text}`);
  if (status !== 200) throw new Error(`status ${status}`, { cause: Number(headers.get('retry-after')) });

  if (accept === 'application/json') {
    const { events, cursor, has_more: hasMore, gap_since: gapSince } = JSON.parse(text);
    const logs: string[] = events.map((event: object) => JSON.stringify(event));
    if (typeof cursor !== 'string') throw new Error('not an answer of the feed');
    return { logs, cursor, hasMore, gapSince };
  }
  const logs = text.split('\n').slice(0, -1);
  const cursor = headers.get('feed-cursor');
  if (cursor === null || String(logs.length) !== headers.get('number-of-results')) throw new Error('cut');
  return { logs, cursor, hasMore: headers.has('link'), gapSince: headers.get('feed-gap-since') };
}

/** The new state replaces the old one whole, or not at all. */
async function save(path: string, length: number, cursor: string): Promise<void> {
  await writeFile(`${path}.new`, `${length}\n${cursor}\n`, { flush: true });
  await rename(`${path}.new`, path);
}

async function follow(url: string, output: string, state: string, key: string): Promise<void> {
  const accept = values.ndjson ? 'application/x-ndjson' : 'application/json';
  const file = await open(output, 'a');
  const { size } = await file.stat();
  // A new output has no state yet.
  if (size === 0 && !existsSync(state)) await save(state, 0, '');
  const [length = '', savedCursor = ''] = (await readFile(state, 'utf8')).split('\n');
  if (!/^\d+$/.test(length) || Number(length) > size)
    throw new Error(`${output} is shorter than ${state} says`);
  await file.truncate(Number(length)); // cuts off what was written after the state
  let [cursor, wait] = [savedCursor, 1];
  for (;;) {
    const address = new URL(url);
    address.searchParams.set('cursor', cursor);
    const answer = await ask(address, key, accept).catch(async (error) => {
      const seconds = error.cause > 0 ? error.cause : wait;
      console.error(`follow.ts: no whole answer (${error.message}), trying again in ${seconds} s`);
      await sleep(seconds * 1000);
      wait = Math.min(2 * wait, 30);
    });
    if (answer === undefined) continue;
    await file.appendFile(answer.logs.map((log) => `${log}\n`).join(''));
    await file.sync();
    if (answer.gapSince) console.error(`follow.ts: logs may be missing since ${answer.gapSince}`);
    [cursor, wait] = [answer.cursor, 1];
    await save(state, (await file.stat()).size, cursor); // only now: the logs are safe
    if (!answer.hasMore && values.once) return;
    if (!answer.hasMore) await sleep(5000);
  }
}

function readArguments() {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ options: { help: flag, once: flag, ndjson: flag }, allowPositionals: true });
  } catch {
    return stop(2, USAGE);
  }
}

const { values, positionals } = readArguments();
const [url = '', output, state, ...others] = positionals;
const key = process.env['EASYSEND_SECURITY_LOGS_API_KEY'];
if (values.help) console.log(USAGE);
else if (!URL.canParse(url) || !output || !state || others.length > 0 || !key) stop(2, USAGE);
else await follow(url, output, state, key).catch((error) => stop(1, error.message));
