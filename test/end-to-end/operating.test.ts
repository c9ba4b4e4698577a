import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { namedKeys, parseKeySecret } from '../../shared/keys/key-secret.ts';
import { launch } from '../local/fixtures/processes.ts';
import { withVariables } from './changed-template.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

/** The tools of whoever operates a stack, as they run them, against the local stack (docs/deploy.md). */

/** As long as a generated key, so that a document may hold it. */
const API_KEY = 'a'.repeat(48);

/** What the stack and its functions have written. */
const written: string[] = [];
let stack: RunningStack;
beforeAll(async () => {
  const write = (line: string) => written.push(line);
  const log = { progress: write, warn: write, detail: write };
  stack = await startRunningStack({
    apiKey: API_KEY,
    log,
    // as with the setting `consumers`
    patchTemplate: withVariables({ CONSUMER_KEYS: '["default"]' }),
  });
}, 120_000);
afterAll(() => stack.close());

async function run(tool: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const address = ['--endpoint-url', stack.awsUrl];
  const tooled = launch([`tools/${tool}.ts`, ...args, ...address], environment);
  return { status: await tooled.ended(), output: tooled.output() };
}
const smoke = (args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  run('smoke', ['--stack', 'SecurityLogs', ...args], environment);

/** What the stack's secret has. The functions know it a minute later at the latest, which no test waits for. */
async function secretText(VersionStage = 'AWSCURRENT'): Promise<string> {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new SecretsManagerClient({ endpoint: stack.awsUrl, region: 'us-east-1', credentials });
  const SecretId = stack.outputs['ApiKeySecretArn'];
  const answer = await client
    .send(new GetSecretValueCommand({ SecretId, VersionStage }))
    .finally(() => client.destroy());
  return answer.SecretString ?? '';
}

const rotate = (...args: string[]) => run('rotate-key', ['--stack', 'SecurityLogs', ...args]);

/** Comes before anything has asked the API, so that the functions begin with the rotated key. */
test('npm run rotate-key gives the key a new value, and both open the API', async () => {
  const { status, output } = await rotate();
  expect(output).toMatch(/^gave the key default a new value.*the old one is accepted until/);
  expect(status).toBe(0);
  const rotated = await secretText();
  expect(rotated).toMatch(/^[A-Za-z0-9]{48}$/);
  expect(output).not.toContain(rotated);
  const parameters = { start_time: '20261121090000', end_time: '20261121100000' };
  for (const apiKey of [rotated, API_KEY]) expect((await stack.ask(parameters, { apiKey })).status).toBe(200);
  expect((await stack.ask(parameters, { apiKey: 'another' })).status).toBe(401);
});

describe('npm run smoke', () => {
  test('passes with a healthy stack, step by step, and shows no key', async () => {
    const { status, output } = await smoke();
    expect(output).toMatch(/^passed +\d+\.\d\d s {2}the stack SecurityLogs is found\n/);
    expect(output).toMatch(/\npassed +\d+\.\d\d s {2}the window has the log\n/);
    expect(output).toMatch(/\npassed +\d+\.\d\d s {2}the feed has the log\n/);
    expect(output).toMatch(/\nthe smoke test passed\n$/);
    for (const { key } of namedKeys(parseKeySecret(await secretText()))) expect(output).not.toContain(key);
    expect(status).toBe(0);
  });

  test('fails with the step that failed', async () => {
    const { status, output } = await smoke([], { EASYSEND_SECURITY_LOGS_API_KEY: 'another key' });
    expect(output).toMatch(/\nfailed .+\nthe smoke test failed: the end of the feed is read: status 401/);
    expect(status).toBe(1);
  });

  test('fails if there is no such stack', async () => {
    const { status, output } = await run('smoke', ['--stack', 'Elsewhere']);
    expect([status, output]).toEqual([1, expect.stringContaining('Elsewhere does not exist')]);
  });

  test('explains its use, and what it does not understand', async () => {
    const help = await run('smoke', ['--help']);
    expect([help.status, help.output]).toEqual([0, expect.stringMatching(/^Usage: npm run smoke/)]);
    const wrong = await run('smoke', []);
    expect([wrong.status, wrong.output]).toEqual([
      2,
      expect.stringMatching(/^--stack is missing.*\n\nUsage:/),
    ]);
  });
});

test('each request left one line that says who read what, and nothing that was written has a key', async () => {
  const parameters = { start_time: '20261121093000', end_time: '20261121094500', app_type: 'builder' };
  const { headers } = await stack.ask(parameters, { apiKey: await secretText() });
  const requestId = headers.get('x-amzn-requestid') ?? 'no id';
  const lines = await vi.waitFor(
    () => {
      const found = written.filter((line) => line.includes(requestId));
      expect(found).not.toEqual([]);
      return found;
    },
    { timeout: 30_000 },
  );
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0]?.slice(lines[0].indexOf('{')) ?? '')).toMatchObject({
    message: 'request answered',
    key: 'default',
    gatewayRequestId: requestId,
    sourceAddress: '127.0.0.1',
    method: 'GET',
    status: 200,
    from: '2026-11-21T09:30:00.000Z',
    until: '2026-11-21T09:45:00.000Z',
    applications: ['builder'],
    results: 0,
    bytes: 2,
    ms: expect.any(Number),
    outcome: 'complete',
  });
  for (const key of [API_KEY, await secretText()]) expect(written.join('\n')).not.toContain(key);
});

test('a registered consumer is counted by its key, and with how far behind it was in the feed', async () => {
  const counted = written
    .filter((line) => line.includes('"Reads"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  expect(counted.length).toBeGreaterThan(2);
  for (const { _aws, ...metrics } of counted) {
    expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([['service', 'key']]);
    expect(metrics).toMatchObject({ service: 'consumers', key: 'default', Reads: 1 });
  }
  const behind = counted.flatMap(({ Behind }) => Behind ?? []);
  // the smoke test followed the feed
  expect(behind.length).toBeGreaterThan(0);
  for (const seconds of behind) expect(seconds).toBeLessThan(600);
});

describe('npm run rotate-key, too,', () => {
  test('revokes the old value', async () => {
    const { status, output } = await rotate('--revoke');
    expect([status, output]).toEqual([0, expect.stringContaining('the old one is refused within a minute')]);
    await expect(secretText('AWSPREVIOUS')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('adds a named key', async () => {
    const before = await secretText();
    const { status, output } = await rotate('--add', 'team', '--application', 'builder');
    expect([status, output]).toEqual([0, expect.stringMatching(/^added the key team, .*logs of builder/)]);
    expect(parseKeySecret(await secretText())).toEqual({
      kind: 'document',
      keys: [
        { name: 'default', key: before },
        { name: 'team', key: expect.stringMatching(/^[A-Za-z0-9]{48}$/), application: 'builder' },
      ],
    });
  });

  test('says what it cannot do', async () => {
    const several = await rotate();
    expect([several.status, several.output]).toEqual([1, expect.stringContaining('name one: default, team')]);
    const wrong = await rotate('--revoke', '--remove', 'team');
    expect([wrong.status, wrong.output]).toEqual([2, expect.stringContaining('exclude each other')]);
  });
});
