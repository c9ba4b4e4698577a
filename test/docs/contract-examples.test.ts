import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LOCAL_DEFAULTS } from '../../local/local-defaults.ts';
import { securityLogSchema } from '../../shared/log/security-log.ts';
import { API_KEY, type Page, type RunningStack, startRunningStack } from '../end-to-end/running-stack.ts';
import { blocksOf, namesIn, ROOT, readText, tableOf } from './repository.ts';

/** The examples of docs/contract.md and README.md run, and give the answers that are printed below them. */

const contract = readText('docs/contract.md');
const readme = readText('README.md');
const hasTool = (name: string): boolean => spawnSync(name, ['--version']).status === 0;

/** The only block of a page with this language and name. */
function blockOf(page: string, language: string, name: string): string {
  const [block, ...others] = blocksOf(page, language, name);
  if (block === undefined || others.length > 0) throw new Error(`not one block ${language} ${name}`);
  return block;
}

const receivedIds: (string | undefined)[] = [];
let stack: RunningStack;
beforeAll(async () => {
  stack = await startRunningStack({
    settings: 'local/settings/https.json',
    defaults: LOCAL_DEFAULTS,
    onReceived: ({ id }) => receivedIds.push(id),
  });
});
afterAll(() => stack.close());

/** Runs a program in the repository, and gives what it writes. */
async function run(program: string, args: string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...environment,
  };
  return (await promisify(execFile)(program, args, { cwd: ROOT, env })).stdout;
}

/** A block of README.md with the addresses and the key of this stack. */
const adapted = (block: string): string =>
  block
    .replaceAll('http://127.0.0.1:3000', stack.gatewayUrl)
    .replaceAll('http://127.0.0.1:4566', stack.awsUrl)
    .replaceAll('local-api-key', API_KEY);

const window = { start_time: '20261121090000', end_time: '20261121100000' };

describe('the contract', () => {
  beforeAll(async () => {
    await stack.publishDetails([JSON.parse(blockOf(contract, 'json', 'event'))]);
    await stack.askUntil(window, 1);
  });

  test('shows the log that its event becomes, with its fields in their order', async () => {
    const { logs } = await stack.ask(window);
    expect(logs.map((log) => JSON.stringify(log))).toEqual([
      JSON.stringify(JSON.parse(blockOf(contract, 'json', 'log'))),
    ]);
  });

  test('shows a command that gives the answer below it', async ({ skip }) => {
    skip(!hasTool('curl'), 'curl is not installed');
    const command = blockOf(contract, 'sh', 'run');
    const environment = { API_URL: stack.url, EASYSEND_SECURITY_LOGS_API_KEY: API_KEY };
    expect(await run('sh', ['-c', command], environment)).toBe(blockOf(contract, 'json', 'answer').trim());
  });

  test('shows a command that reads the feed, and its answer but for times and places', async ({ skip }) => {
    skip(!hasTool('curl'), 'curl is not installed');
    const environment = {
      FEED_URL: stack.outputs['FeedUrl'] ?? '',
      CURSOR: '',
      EASYSEND_SECURITY_LOGS_API_KEY: API_KEY,
    };
    const command = blockOf(contract, 'sh', 'feed');
    const comparable = (answer: string): string =>
      answer.replace(/"created":"[^"]+"/, '"created":"..."').replace(/"cursor":"[\w-]+"/, '"cursor":"..."');
    await vi.waitFor(
      async () =>
        expect(comparable(await run('sh', ['-c', command], environment))).toBe(
          comparable(blockOf(contract, 'json', 'feed-answer').trim()),
        ),
      { timeout: 20_000, interval: 200 },
    );
  });

  test('shows a command that asks which logs of an hour were not delivered: none, after a while', async ({
    skip,
  }) => {
    skip(!hasTool('curl'), 'curl is not installed');
    const environment = {
      DELIVERIES_URL: stack.outputs['DeliveriesUrl'] ?? '',
      EASYSEND_SECURITY_LOGS_API_KEY: API_KEY,
    };
    const command = blockOf(contract, 'sh', 'deliveries');
    const all = command.replace('state=undelivered&', '');
    await vi.waitFor(
      async () =>
        expect(await run('sh', ['-c', command], environment)).toBe('{"deliveries":[],"has_more":false}'),
      { timeout: 20_000, interval: 200 },
    );
    const [, id] = /"id":"(player-[^"]+)"/.exec(blockOf(contract, 'json', 'deliveries-answer')) ?? [];
    const { deliveries } = JSON.parse(await run('sh', ['-c', all], environment));
    expect(deliveries).toMatchObject([{ id, state: 'delivered', attempts: 1, status: 204 }]);
  });

  test('shows a command that asks for the status: each member that it lists, and no other', async ({
    skip,
  }) => {
    skip(!hasTool('curl'), 'curl is not installed');
    const environment = {
      STATUS_URL: stack.outputs['StatusUrl'] ?? '',
      EASYSEND_SECURITY_LOGS_API_KEY: API_KEY,
    };
    const answer = JSON.parse(await run('sh', ['-c', blockOf(contract, 'sh', 'status')], environment));
    const members = Object.entries(answer).flatMap(([name, value]) =>
      ['ingest', 'custom_service'].includes(name)
        ? Object.keys(value as object).map((inner) => `${name}.${inner}`)
        : [name],
    );
    expect(members.sort()).toEqual(
      tableOf(contract, 'member of the status')
        .flatMap(([names = '']) => namesIn(names))
        .sort(),
    );
    expect(answer).toMatchObject({
      last_event_at: expect.any(String),
      ingest: { lag_seconds: expect.any(Number) },
    });
  });

  test('shows the error of a request without start_time', async () => {
    const response = await fetch(stack.url, { headers: { apiKey: API_KEY } });
    expect(response.status).toBe(400);
    expect(await response.text()).toBe(blockOf(contract, 'json', 'error').trim());
  });

  test('lists the headers of an answer', async () => {
    const { headers } = await stack.ask(window, { apiKey: API_KEY, 'accept-encoding': 'gzip' });
    const listed = tableOf(contract, 'header').flatMap(([name = '']) => namesIn(name));
    expect(listed.filter((name) => !headers.has(name))).toEqual([]);
  });

  test('lists the outputs of a stack', () => {
    const listed = tableOf(contract, 'output').flatMap(([names = '']) => namesIn(names));
    expect(listed.toSorted()).toEqual(Object.keys(stack.outputs).toSorted());
  });

  test('names the id under which the log of its event is delivered', async () => {
    const [, id] = /`(player-\d{8}T\d{9}Z-[\w-]+)`/.exec(contract) ?? [];
    await vi.waitFor(() => expect(receivedIds).toContain(id), { timeout: 20_000, interval: 100 });
  });
});

describe('README.md', () => {
  test('shows an answer as the service frames it, of logs as they are published', () => {
    const pages: Page[] = JSON.parse(blockOf(readme, 'json', 'answer'));
    for (const { pageNumber, results, securityLogs } of pages) {
      expect([pageNumber, results]).toEqual([1, securityLogs.length]);
      for (const log of securityLogs) expect(securityLogSchema.parse(log)).toEqual(log);
    }
  });

  test('shows code that publishes an event, and a command that reads it', async ({ skip }) => {
    skip(!hasTool('curl'), 'curl is not installed');
    await run(process.execPath, ['--input-type=module', '-e', adapted(blockOf(readme, 'js', 'publish'))]);
    const read = adapted(blockOf(readme, 'sh', 'read'));
    await vi.waitFor(async () => expect(await run('sh', ['-c', read])).toContain('"LINK_SENT"'), {
      timeout: 20_000,
      interval: 200,
    });
  });

  test('shows a command of the AWS CLI that publishes an event', async ({ skip }) => {
    skip(!hasTool('aws'), 'the AWS CLI is not installed');
    const answer = await run('sh', ['-c', adapted(blockOf(readme, 'sh', 'publish'))]);
    expect(JSON.parse(answer).FailedEntryCount).toBe(0);
  });
});
