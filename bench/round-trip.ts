import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import { formatQueryTime, parseQueryTime } from '../shared/query/time-window.ts';
import { producerDetail, syntheticLogs } from '../tools/synthetic-logs/synthetic-logs.ts';

/**
 * Publishes many events to a running stack (`npm start -- --empty`), reads them back, and checks that each came back
 * once, in order. Follows `next_end_time` where the window is too large for one answer.
 */

const HELP = `Usage: node bench/round-trip.ts [options]

Publishes events to a stack that is running (npm start -- --empty), reads them back and checks every one.

  --count N     events to publish (default 100000)
  --size SIZE   small (at most 900 bytes of JSON) or typical (about 1.7 KB) (default small)
  --api URL     default http://127.0.0.1:3000/player/api/get-security-logs
  --aws URL     default http://127.0.0.1:4566
  --key KEY     default local-api-key
  --encoding E  the Accept-Encoding of the queries (default identity)
  --read-only   read back what an earlier run has published
  --help
`;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100000' },
    size: { type: 'string', default: 'small' },
    api: { type: 'string', default: 'http://127.0.0.1:3000/player/api/get-security-logs' },
    aws: { type: 'string', default: 'http://127.0.0.1:4566' },
    key: { type: 'string', default: 'local-api-key' },
    encoding: { type: 'string', default: 'identity' },
    'read-only': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}

const count = Number(values.count);
const size = values.size === 'typical' ? 'typical' : 'small';
const START = Date.UTC(2026, 10, 20, 9) + (size === 'typical' ? 24 * 3_600_000 : 0);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

/** The logs, each with its position as the id. */
function* entries(): Generator<{ Detail: string; json: string; at: string }> {
  const logs = syntheticLogs({ seed: 1, start: START, size });
  for (let i = 0; i < count; i++) {
    const log = logs.next().value;
    if (log)
      yield {
        Detail: producerDetail(log, String(i).padStart(9, '0')),
        json: JSON.stringify(log),
        at: log['@timestamp'],
      };
  }
}

async function publish(): Promise<void> {
  const bus = new EventBridgeClient({
    endpoint: values.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const since = performance.now();
  let published = 0;
  await pMap(
    batches(entries(), 10),
    async (batch) => {
      const Entries = batch.map(({ Detail }) => ({
        EventBusName: 'security-events',
        Source: 'easysend.player',
        DetailType: 'Security Event',
        Detail,
      }));
      const { FailedEntryCount = 0 } = await bus.send(new PutEventsCommand({ Entries }));
      if (FailedEntryCount > 0) throw new Error(`${FailedEntryCount} entries were refused`);
      published += batch.length;
      if (published % 10_000 === 0) console.log(`published ${published} in ${seconds(since)}`);
    },
    { concurrency: 8 },
  );
}

function* batches<T>(items: Iterable<T>, length: number): Generator<T[]> {
  let batch: T[] = [];
  for (const item of items) {
    if (batch.push(item) === length) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

const ask = (from: number, until: number, encoding = values.encoding): Promise<Response> => {
  const window = `start_time=${formatQueryTime(from)}&end_time=${formatQueryTime(until)}`;
  return fetch(`${values.api}?${window}`, {
    headers: { apiKey: values.key, 'accept-encoding': encoding },
  });
};

/** Waits until nothing more arrives in the window's last seconds and its total stands still. */
async function waitUntilStored(end: number, since: number): Promise<void> {
  for (let last = -1, still = 0; still < 3; ) {
    await new Promise((resolve) => setTimeout(resolve, 2000));
    // Compressed, so that the count comes even where the logs as they are would be too many for one answer.
    const response = await ask(START, end, 'zstd');
    const found = Number(response.headers.get('number-of-results') ?? -1);
    await response.body?.cancel();
    console.log(
      response.ok ? `${found} stored after ${seconds(since)}` : `${response.status} after ${seconds(since)}`,
    );
    still = found === last ? still + 1 : found === count ? 3 : 0;
    last = found;
  }
}

async function readBack(end: number): Promise<void> {
  const expected = createHash('sha256');
  for (const { json } of entries()) expected.update(json);
  const found = createHash('sha256');
  const since = performance.now();
  let results = 0;
  let answers = 0;
  for (let from = START, until = end; from < end; ) {
    const response = await ask(from, until);
    const firstByte = seconds(since);
    if (response.status === 408) {
      const { error } = (await response.json()) as { error: { next_end_time: string } };
      console.log(`408 after ${firstByte}: next_end_time ${error.next_end_time}`);
      until = parseQueryTime(error.next_end_time) ?? 0;
      continue;
    }
    const pages = (await response.json()) as Array<{ securityLogs: object[] }>;
    console.log(
      `${response.status} after ${firstByte}, whole after ${seconds(since)}: ` +
        `${response.headers.get('number-of-results')} results in ${response.headers.get('number-of-pages')} pages`,
    );
    for (const { securityLogs } of pages) {
      results += securityLogs.length;
      for (const log of securityLogs) found.update(JSON.stringify(log));
    }
    answers += 1;
    [from, until] = [until, end];
  }
  const same = found.digest('hex') === expected.digest('hex');
  console.log(
    `${results} logs in ${answers} answers: ${same ? 'each once, in order' : 'NOT WHAT WAS PUBLISHED'}`,
  );
  process.exitCode = same ? 0 : 1;
}

let end = START;
for (const { at } of entries()) end = Math.floor(Date.parse(at) / 1000) * 1000 + 1000;
if (!values['read-only']) {
  const since = performance.now();
  await publish();
  await waitUntilStored(end, since);
}
await readBack(end);
