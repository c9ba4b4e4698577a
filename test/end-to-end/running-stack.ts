import {
  EventBridgeClient,
  PutEventsCommand,
  type PutEventsRequestEntry,
  type PutEventsResponse,
} from '@aws-sdk/client-eventbridge';
import pMap from 'p-map';
import { inject } from 'vitest';
import { type LocalStack, type LocalStackOptions, startLocalStack } from '../../local/security-logs-stack.ts';
import type { SecurityLog } from '../../shared/log/security-log.ts';
import { formatQueryTime } from '../../shared/query/time-window.ts';

export const API_KEY = 'the key of the test';

export interface Page {
  readonly pageNumber: number;
  readonly results: number;
  readonly securityLogs: SecurityLog[];
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: an answer is pages or an error, and each test knows which
  readonly body: any;
  readonly logs: SecurityLog[];
}

export interface RunningStack extends LocalStack {
  /** The address of get-security-logs. */
  readonly url: string;
  /** Publishes entries as a producer does, ten at a time; the detail type, source and bus are filled in. */
  publish(entries: readonly Partial<PutEventsRequestEntry>[]): Promise<PutEventsResponse[]>;
  /** Publishes details of the Player, and expects the bus to take them all. */
  publishDetails(details: readonly object[]): Promise<void>;
  /** Asks the API, with the right key unless another one is given. */
  ask(parameters: Record<string, string> | string, headers?: Record<string, string>): Promise<Answer>;
  /** Asks again until the answer holds `count` logs. */
  askUntil(parameters: Record<string, string>, count: number): Promise<Answer>;
}

/** The functions' own logs are of no interest to a test that passes. */
const quiet = { progress: () => {}, warn: () => {}, detail: () => {} };

/** The window of a query, from two instants in epoch milliseconds. */
export const between = (from: number, until: number): { start_time: string; end_time: string } => ({
  start_time: formatQueryTime(from),
  end_time: formatQueryTime(until),
});

/** Runs the synthesized template on free ports. */
export async function startRunningStack(options: Partial<LocalStackOptions> = {}): Promise<RunningStack> {
  const stack = await startLocalStack({
    assembly: inject('assembly'),
    apiKey: API_KEY,
    log: quiet,
    ...options,
  });
  const bus = new EventBridgeClient({
    endpoint: stack.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  const publish: RunningStack['publish'] = (entries) => {
    const batches = Array.from({ length: Math.ceil(entries.length / 10) }, (_, i) =>
      entries.slice(10 * i, 10 * i + 10),
    );
    return pMap(
      batches,
      (batch) => {
        const Entries = batch.map((entry) => ({
          EventBusName: stack.outputs['EventBusName'],
          Source: 'easysend.player',
          DetailType: 'Security Event',
          ...entry,
        }));
        return bus.send(new PutEventsCommand({ Entries }));
      },
      { concurrency: 8 },
    );
  };

  const url = stack.outputs['ApiUrl'] ?? '';
  const get = (
    parameters: Record<string, string> | string,
    headers: Record<string, string> = { apiKey: API_KEY },
  ): Promise<Response> =>
    fetch(`${url}?${new URLSearchParams(parameters)}`, {
      headers: { 'accept-encoding': 'identity', ...headers },
    });
  const ask: RunningStack['ask'] = async (parameters, headers) => {
    const response = await get(parameters, headers);
    const body = (await response.json()) as Answer['body'];
    const logs = response.ok ? body.flatMap((page: Page) => page.securityLogs) : [];
    return { status: response.status, headers: response.headers, body, logs };
  };

  return {
    ...stack,
    url,
    publish,
    async publishDetails(details) {
      const responses = await publish(details.map((detail) => ({ Detail: JSON.stringify(detail) })));
      const refused = responses.reduce((sum, { FailedEntryCount = 0 }) => sum + FailedEntryCount, 0);
      if (refused > 0) throw new Error(`the bus refused ${refused} entries`);
    },
    ask,
    async askUntil(parameters, count) {
      for (;;) {
        const response = await get(parameters);
        await response.body?.cancel();
        const enough = Number(response.headers.get('number-of-results')) >= count;
        if (enough || !response.ok) return ask(parameters);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    async close() {
      bus.destroy();
      await stack.close();
    },
  };
}
