import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { synthesize } from '../../local/synthesize.ts';
import { between, type RunningStack, startRunningStack } from './running-stack.ts';

/** The canary as it runs on its schedule (docs/deploy.md#the-canary), from the bus to the API. */

const PATIENCE = { timeout: 60_000, interval: 100 };
/** On a machine that is busy. */
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

/** What the functions have written. */
const written: string[] = [];
let assembly: Awaited<ReturnType<typeof synthesize>>;
let stack: RunningStack;
beforeAll(async () => {
  assembly = await synthesize({ defaults: { canary: { everyMinutes: 1 } } });
  const write = (line: string) => written.push(line);
  stack = await startRunningStack({
    assembly: assembly.folder,
    scheduleMinute: 1000,
    log: { progress: write, warn: write, detail: write },
  });
});
afterAll(async () => {
  await stack.close();
  await assembly.close();
});

/** The metrics of the canary's runs so far, as CloudWatch reads them. */
const runs = (): Record<string, unknown>[] =>
  written
    .filter((line) => line.includes('"CanaryFailed"'))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
const firstRun = (failed: 0 | 1) =>
  vi.waitFor(() => {
    const found = runs().find(({ CanaryFailed }) => CanaryFailed === failed);
    expect(found).toBeDefined();
    return found;
  }, PATIENCE);

test('the canary measures how soon its log can be read, and its log is marked', async () => {
  expect(await firstRun(0)).toMatchObject({
    service: 'canary',
    WindowFreshness: expect.any(Number),
    FeedFreshness: expect.any(Number),
    _aws: { CloudWatchMetrics: [{ Namespace: expect.any(String), Dimensions: [['service']] }] },
  });
  const now = Date.now();
  const { logs } = await stack.ask(between(now - 600_000, now + 60_000));
  expect(logs.length).toBeGreaterThan(0);
  for (const { event, service, label } of logs) {
    expect([event?.action, service?.environment]).toEqual(['OPENED', 'security-logs-canary']);
    expect(label?.rid).toMatch(/^security-logs-canary-/);
  }
});

/** The functions know a new key a minute later at the latest; the canary reads it at once. */
test('a run that the API refuses is counted, and says why', async () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const secrets = new SecretsManagerClient({ endpoint: stack.awsUrl, region: 'us-east-1', credentials });
  const SecretId = stack.outputs['ApiKeySecretArn'];
  written.length = 0;
  await secrets
    .send(new PutSecretValueCommand({ SecretId, SecretString: 'a key that the API does not know yet' }))
    .finally(() => secrets.destroy());
  const run = await firstRun(1);
  expect(run).not.toHaveProperty('WindowFreshness');
  expect(written.filter((line) => line.includes('the canary failed')).join('\n')).toContain('status 401');
});
