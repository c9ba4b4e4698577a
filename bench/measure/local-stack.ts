import { get } from 'node:http';
import { startLocalStack } from '../../local/security-logs-stack.ts';
import type { IdentifiedLog } from '../../shared/event/security-event.ts';
import { formatQueryTime, type TimeWindow } from '../../shared/query/time-window.ts';
import { benchLogs, windowOf } from '../data.ts';
import { loadStore } from '../load-store.ts';
import { type Context, type Measurement, median, type Result } from '../measurement.ts';
import type { Row } from '../table.ts';

const COUNTS = [10_000, 100_000];
/** Some logs that lie alone, earlier than the others by so many milliseconds. */
const FEW = 10;
const EARLIER = 3_600_000;
const RUNS = 3;
const API_KEY = 'bench';
const ENCODINGS = ['identity', 'gzip', 'zstd'];
const quiet = {
  progress: () => {},
  warn: (line: string) => process.stderr.write(`${line}\n`),
  detail: () => {},
};

const few = (): IdentifiedLog[] =>
  [...benchLogs(FEW)].map((log) => ({ ...log, timestamp: log.timestamp - EARLIER }));

const windowOfFew = (): TimeWindow => {
  const { from, until } = windowOf(FEW);
  return { from: from - EARLIER, until: until - EARLIER };
};

interface Timing {
  readonly results: number;
  readonly bytes: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

/** Asks as a client on the same machine does, without decoding; undefined if that is too much for one answer. */
function ask(api: string, { from, until }: TimeWindow, encoding: string): Promise<Timing | undefined> {
  const url = `${api}?start_time=${formatQueryTime(from)}&end_time=${formatQueryTime(until)}`;
  const startedAt = performance.now();
  const elapsed = (): number => performance.now() - startedAt;
  return new Promise((resolve, reject) => {
    get(url, { headers: { apiKey: API_KEY, 'Accept-Encoding': encoding } }, (response) => {
      let firstByteMs: number | undefined;
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        firstByteMs ??= elapsed();
        bytes += chunk.length;
      });
      response.once('error', reject);
      response.once('end', () => {
        const results = Number(response.headers['number-of-results']);
        const { statusCode } = response;
        if (statusCode === 408) resolve(undefined);
        else if (statusCode !== 200) reject(new Error(`the stack answered ${statusCode}`));
        else resolve({ results, bytes, firstByteMs: firstByteMs ?? elapsed(), totalMs: elapsed() });
      });
    }).once('error', reject);
  });
}

function timingRow(encoding: string, timings: readonly Timing[]): Row {
  const middle = (pick: (timing: Timing) => number): number => median(timings.map(pick));
  return {
    logs: middle(({ results }) => results),
    encoding,
    'first byte ms': middle(({ firstByteMs }) => firstByteMs),
    'total ms': middle(({ totalMs }) => totalMs),
    MB: middle(({ bytes }) => bytes) / 1e6,
  };
}

/** Asks no more once an answer is refused: the next would be as well. */
async function askRepeatedly(api: string, window: TimeWindow, encoding: string): Promise<Row> {
  const timings: Timing[] = [];
  for (let i = 0; i < RUNS; i++) {
    const timing = await ask(api, window, encoding);
    if (timing === undefined) return { logs: '408', encoding };
    timings.push(timing);
  }
  return timingRow(encoding, timings);
}

async function run({ size, progress, started }: Context): Promise<Result> {
  const counts = COUNTS.map(size);
  const stack = await startLocalStack({ apiKey: API_KEY, log: quiet }, started);
  await loadStore(stack.storeUrl, [...few(), ...benchLogs(counts.at(-1) ?? 0)], progress);
  const api = stack.outputs['ApiUrl'] ?? '';
  await ask(api, windowOf(counts[0] ?? 0), 'identity');
  const rows: Row[] = [];
  for (const window of [windowOfFew(), ...counts.map((count) => windowOf(count))]) {
    for (const encoding of ENCODINGS) {
      const row = await askRepeatedly(api, window, encoding);
      rows.push(row);
      progress(`${row['logs']} logs, ${encoding}`);
    }
  }
  return {
    rows,
    notes: [
      '408: more than one answer can carry in 55 seconds in this encoding',
      `the median of ${RUNS} requests; a client that does not decode`,
      'gateway, function under its runtime client and embedded store share this machine; collecting waits mostly ' +
        "for the embedded store, which is one process of JavaScript: not DynamoDB's times",
    ],
  };
}

export const localStack: Measurement = {
  name: 'local-stack',
  title: '4. Time to the first byte and to the last, through the whole local stack',
  run,
};
