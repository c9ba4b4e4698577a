import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curlJq } from '../../tools/connectors/collectors/curl-jq.ts';
import { python } from '../../tools/connectors/collectors/python.ts';
import { SHOWN_KEY } from '../../tools/connectors/page-files.ts';
import { foldersOf, runConnector } from '../../tools/connectors/run-connector.ts';
import { publishSecurityEvents } from '../../tools/publisher/publish-security-events.ts';
import { type RunningStack, startRunningStack } from './running-stack.ts';

/** The collectors that a plain machine has, with the configuration of their pages; `npm run connectors` runs all. */

let stack: RunningStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/connectors-`);
  stack = await startRunningStack({ apiKey: SHOWN_KEY });
});
afterAll(async () => {
  await stack.close();
  await rm(folder, { recursive: true, force: true });
});

const hasCommand = (command: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${command}`]).status === 0;

describe.concurrent('no log is lost or doubled', () => {
  test.for([
    { connector: curlJq, needs: ['sh', 'curl', 'jq'] },
    { connector: python, needs: ['sh', 'python3'] },
  ])('by $connector.name', { timeout: 300_000 }, async ({ connector, needs }, { skip }) => {
    const missing = needs.filter((command) => !hasCommand(command));
    skip(missing.length > 0, `this machine has no ${missing.join(', ')}`);
    const service = {
      gatewayUrl: stack.gatewayUrl,
      publish: async (events: Parameters<typeof publishSecurityEvents>[0]) => {
        const { failed } = await publishSecurityEvents(events, { endpoint: stack.awsUrl });
        expect(failed).toEqual([]);
      },
    };
    const { lost, doubled, published } = await runConnector(
      connector,
      service,
      foldersOf(connector, folder, folder),
    );
    expect({ lost, doubled }).toEqual({ lost: [], doubled: [] });
    expect(published).toBeGreaterThan(200);
  });
});
