import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, type TestContext, test } from 'vitest';
import { curlJq } from '../../tools/connectors/collectors/curl-jq.ts';
import { python } from '../../tools/connectors/collectors/python.ts';
import { CannotInstall, type Connector } from '../../tools/connectors/connector.ts';
import { SHOWN_KEY } from '../../tools/connectors/page-files.ts';
import {
  foldersOf,
  type RunOptions,
  runConnector,
  type Verdict,
} from '../../tools/connectors/run-connector.ts';
import {
  publishSecurityEvents,
  type SecurityEventDetail,
} from '../../tools/publisher/publish-security-events.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

/** The collectors that a plain machine has, with the configuration of their pages; `npm run connectors` runs all. */

/** A run waits for the polls of the collector, and a busy machine takes its time. */
const TIMEOUT = 300_000;

let stack: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connectors-'));
  stack = await startRunningStack({ apiKey: SHOWN_KEY });
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true, force: true });
});

async function publish(events: readonly SecurityEventDetail[]): Promise<void> {
  const { failed } = await publishSecurityEvents(events, { endpoint: stack.awsUrl });
  if (failed.length > 0) throw new Error(`not published: ${JSON.stringify(failed[0])}`);
}

/** Runs a collector; skips the test where this machine has not what it needs. */
async function run(
  { skip }: TestContext,
  connector: Connector,
  options: Partial<RunOptions> = {},
): Promise<Verdict> {
  const service = { gatewayUrl: stack.gatewayUrl, publish };
  try {
    return await runConnector(connector, service, { ...foldersOf(connector, folder, folder), ...options });
  } catch (error) {
    if (error instanceof CannotInstall) skip(error.message);
    throw error;
  }
}

/** `curl` and `jq` with a fault in their script. */
const faulty = (name: string, fault: string): Connector => ({
  ...curlJq,
  command: () => ({
    program: 'sh',
    args: ['-c', `sed '${fault}' collect.sh >${name}.sh; exec sh ${name}.sh`],
  }),
});

describe.concurrent('a collector with the configuration of its page', () => {
  test.for([curlJq, python])(
    'loses and doubles no log: $name',
    { timeout: TIMEOUT },
    async (connector, context) => {
      const verdict = await run(context, connector);
      expect(verdict).toMatchObject({ published: 1281, lost: [], doubled: [] });
    },
  );
});

describe.concurrent('a collector with a fault is found out', () => {
  test('that forgets its cursor: it doubles', { timeout: TIMEOUT }, async (context) => {
    const forgetful = faulty('forgetful', 's/cursor=.*)"/limit=10000"/');
    const { doubled } = await run(context, forgetful, { files: await mkdtemp(join(folder, 'forgetful-')) });
    expect(doubled.length).toBeGreaterThan(100);
  });

  test('that begins too late: it loses', { timeout: TIMEOUT }, async (context) => {
    const late = faulty('late', 's/?cursor=/?start_time=now\\&cursor=/');
    const files = await mkdtemp(join(folder, 'late-'));
    await expect(run(context, late, { files, patience: 3_000 })).rejects.toThrow(/of 1100 logs are missing/);
  });
});
