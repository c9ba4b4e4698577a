import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventAction } from '../../shared/event/actions.ts';
import { type ProducerSource, SECURITY_EVENT } from '../../shared/event/bus-events.ts';
import { type SampleEvent, sampleEvents } from '../../shared/event/sample-events.ts';
import { formatQueryTime } from '../../shared/query/time-window.ts';
import { LOCAL_CREDENTIALS } from '../emulator/dynamodb/create-table.ts';
import { SECOND } from '../emulator/time.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MOST_ENTRIES = 10;

/** How long the samples may take to come back, milliseconds. */
const PATIENCE = 30_000;

export interface TourStop {
  /** The address of `get-security-logs`. */
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly busName: string;
  readonly region: string;
  readonly apiKey: string;
  /** The address of the page for people, if there is one. */
  readonly pageUrl?: string;
  say(line: string): void;
}

interface Log {
  readonly '@timestamp': string;
  readonly event: { readonly action: string };
  readonly label: Readonly<Record<string, unknown>>;
}

export type Samples = Awaited<ReturnType<typeof showSamples>>;

/**
 * Publishes one sample of each event, reads them back and shows both.
 *
 * @param actions that the settings choose: the samples of others do not come back
 * @returns the request id of the samples, when the first of them happened (epoch milliseconds), and how many were chosen
 * @throws Error if an entry is refused, or the samples do not come back
 */
export async function showSamples(stop: TourStop, actions: readonly EventAction[], signal: AbortSignal) {
  const rid = randomUUID();
  const samples = sampleEvents(rid, Date.now() - SECOND);
  await publish(stop, samples);
  stop.say(`\npublished ${samples.length} sample events with PutEvents on the bus ${stop.busName}`);
  for (const { source, detail } of samples) {
    const { action } = detail.event;
    const fate = actions.includes(action) ? '' : '  (not chosen in the settings)';
    stop.say(`  ${source.padEnd(16)}  ${action}${fate}`);
  }

  const from = Math.min(...samples.map(({ detail }) => Date.parse(detail['@timestamp'])));
  const chosen = samples.filter(({ detail }) => actions.includes(detail.event.action)).length;
  await readBack(stop, from, rid, chosen, signal);
  return { rid, from, chosen };
}

/**
 * Publishes events, ten at a time.
 *
 * @throws Error if an entry is refused
 */
export async function publish(
  { awsUrl, region, busName }: TourStop,
  samples: readonly SampleEvent[],
): Promise<void> {
  const client = new EventBridgeClient({ endpoint: awsUrl, region, credentials: LOCAL_CREDENTIALS });
  const entries = samples.map(({ source, detail }) => entryOf(busName, source, detail));
  try {
    for (let first = 0; first < entries.length; first += MOST_ENTRIES) {
      const put = new PutEventsCommand({ Entries: entries.slice(first, first + MOST_ENTRIES) });
      const { Entries, FailedEntryCount } = await client.send(put);
      if (FailedEntryCount !== 0) throw new Error(`PutEvents refused samples: ${JSON.stringify(Entries)}`);
    }
  } finally {
    client.destroy();
  }
}

const entryOf = (busName: string, source: ProducerSource, detail: object) => ({
  EventBusName: busName,
  Source: source,
  DetailType: SECURITY_EVENT,
  Detail: JSON.stringify(detail),
});

async function readBack(
  { apiUrl, apiKey, say }: TourStop,
  from: number,
  rid: string,
  expected: number,
  signal: AbortSignal,
): Promise<void> {
  const url = `${apiUrl}?start_time=${formatQueryTime(from)}`;
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const response = await fetch(url, { headers: { apiKey }, signal });
    const body = await response.text();
    if (response.status !== 200) throw new Error(`GET ${url} answered ${response.status}: ${body}`);
    const pages: { securityLogs: Log[] }[] = JSON.parse(body);
    const logs = pages
      .flatMap(({ securityLogs }) => securityLogs)
      .filter(({ label }) => label['rid'] === rid);
    if (logs.length < expected) {
      if (Date.now() > deadline) throw new Error(`only ${logs.length} of ${expected} samples came back`);
      await setTimeout(SECOND / 4, undefined, { signal });
      continue;
    }
    say(`\nread back with GET ${url}`);
    say(`  Number-Of-Pages: ${response.headers.get('Number-Of-Pages')}`);
    say(`  Number-Of-Results: ${response.headers.get('Number-Of-Results')}`);
    for (const { '@timestamp': at, label, event } of logs) {
      say(`  ${at}  ${String(label['app_type']).padEnd(7)}  ${event.action}`);
    }
    say(`\none of them whole, as a consumer gets it\n${JSON.stringify(logs[1] ?? logs[0], null, 2)}`);
    return;
  }
}

/**
 * Commands to try, ready to be copied.
 *
 * @param from a time that a query of today's logs begins with, epoch milliseconds
 */
export function showCommands(
  { apiUrl, pageUrl, awsUrl, busName, region, apiKey, say }: TourStop,
  from: number,
): void {
  const own = { event: { action: 'OPENED' }, label: { rid: 'my-own' } };
  const entries = [entryOf(busName, 'easysend.player', own)];
  const credentials = `AWS_ACCESS_KEY_ID=${LOCAL_CREDENTIALS.accessKeyId} AWS_SECRET_ACCESS_KEY=${LOCAL_CREDENTIALS.secretAccessKey}`;
  const contentType = `-H 'Content-Type: application/x-amz-json-1.1'`;
  if (pageUrl !== undefined)
    say(
      `\nlook at the logs in a browser: ${pageUrl}\n  with the key filled in: ${pageUrl}#key=${encodeURIComponent(apiKey)}`,
    );
  say(`
read the logs
  curl -i -H ${quote(`apiKey: ${apiKey}`)} ${quote(`${apiUrl}?start_time=${formatQueryTime(from)}`)}

publish an event with curl alone; a second later it can be read
  curl ${awsUrl} -H 'X-Amz-Target: AWSEvents.PutEvents' ${contentType} -d ${quote(JSON.stringify({ Entries: entries }))}

or with the AWS CLI
  ${credentials} aws --region ${region} --endpoint-url ${awsUrl} events put-events --entries ${quote(JSON.stringify(entries))}
`);
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
