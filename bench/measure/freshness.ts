import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { startLocalStack } from '../../local/security-logs-stack.ts';
import { type Context, type Measurement, median, type Result } from '../measurement.ts';
import type { Row } from '../table.ts';

const EVENTS = 400;
/** The time between two events, and between two polls, milliseconds. The stage takes 20 requests a second. */
const GAP = 50;
const POLL = 150;
/** How long the last event may take, milliseconds. */
const PATIENCE = 60_000;
const API_KEY = 'bench';
const quiet = {
  progress: () => {},
  warn: (line: string) => process.stderr.write(`${line}\n`),
  detail: () => {},
};

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

type Find = () => Promise<readonly string[]>;

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { headers: { apiKey: API_KEY } });
  if (!response.ok) throw new Error(`the stack answered ${response.status}`);
  return response.json();
}

/** The `label.rid` of the logs that the feed has after the last answer. */
function feedFinder(url: string): Find {
  let cursor = '';
  return async () => {
    const answer = (await fetchJson(`${url}?cursor=${cursor}`)) as {
      cursor: string;
      events: { label: { rid: string } }[];
    };
    cursor = answer.cursor;
    return answer.events.map(({ label }) => label.rid);
  };
}

/** The `label.rid` of the logs of the window from an hour ago until in an hour. */
function windowFinder(url: string): Find {
  const iso = (instant: number): string => encodeURIComponent(new Date(instant).toISOString());
  const around = Date.now();
  return async () => {
    const query = `start_time=${iso(around - 3_600_000)}&end_time=${iso(around + 3_600_000)}`;
    const pages = (await fetchJson(`${url}?${query}`)) as {
      securityLogs: { label: { rid: string } }[];
    }[];
    return pages.flatMap(({ securityLogs }) => securityLogs.map(({ label }) => label.rid));
  };
}

/** How long each event took from `PutEvents` until it was found, milliseconds. */
async function follow(find: Find, sentAt: ReadonlyMap<string, number>, count: number): Promise<number[]> {
  const delays = new Map<string, number>();
  const deadline = performance.now() + count * GAP + PATIENCE;
  while (delays.size < count) {
    if (performance.now() > deadline) throw new Error(`${count - delays.size} events were not found`);
    const names = await find();
    const now = performance.now();
    for (const name of names) if (!delays.has(name)) delays.set(name, now - (sentAt.get(name) ?? now));
    await pause(POLL);
  }
  return [...delays.values()];
}

async function publish(awsUrl: string, sentAt: Map<string, number>, count: number): Promise<void> {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = new EventBridgeClient({ endpoint: awsUrl, region: 'us-east-1', credentials });
  for (let i = 0; i < count; i++) {
    const name = `event-${i}`;
    const Detail = JSON.stringify({ event: { action: 'OPENED', id: name }, label: { rid: name } });
    const entry = {
      EventBusName: 'security-events',
      Source: 'easysend.player',
      DetailType: 'Security Event',
      Detail,
    };
    sentAt.set(name, performance.now());
    await client.send(new PutEventsCommand({ Entries: [entry] }));
    await pause(GAP);
  }
  client.destroy();
}

const row = (reader: string, delays: readonly number[]): Row => ({
  reader,
  'median ms': median(delays),
  'worst ms': Math.max(...delays),
});

async function run({ size, progress, started }: Context): Promise<Result> {
  const count = size(EVENTS);
  const stack = await startLocalStack({ apiKey: API_KEY, log: quiet }, started);
  const sentAt = new Map<string, number>();
  progress(`${count} events, one each ${GAP} ms`);
  const [, feed, window] = await Promise.all([
    publish(stack.awsUrl, sentAt, count),
    follow(feedFinder(stack.outputs['FeedUrl'] ?? ''), sentAt, count),
    follow(windowFinder(stack.outputs['ApiUrl'] ?? ''), sentAt, count),
  ]);
  return {
    rows: [row('the feed, by its cursor', feed), row('a window that covers everything', window)],
    notes: [
      `${count} events, one each ${GAP} ms, both readers side by side, each asks again after ${POLL} ms`,
      'most of it is the second in which the queue fills a batch (infra/ingest.ts)',
    ],
  };
}

export const freshness: Measurement = {
  name: 'freshness',
  title: '11. From PutEvents to readable',
  run,
};
