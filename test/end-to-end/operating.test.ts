import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launch } from '../local/fixtures/processes.ts';
import { API_KEY, type RunningStack, startRunningStack } from './running-stack.ts';

/** The tools of whoever operates a stack, as they run them, against the local stack (docs/deploy.md). */

let stack: RunningStack;
beforeAll(async () => {
  stack = await startRunningStack();
}, 120_000);
afterAll(() => stack.close());

async function run(tool: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const address = ['--endpoint-url', stack.awsUrl];
  const tooled = launch([`tools/${tool}.ts`, ...args, ...address], environment);
  return { status: await tooled.ended(), output: tooled.output() };
}
const smoke = (args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) =>
  run('smoke', ['--stack', 'SecurityLogs', ...args], environment);

describe('npm run smoke', () => {
  test('passes with a healthy stack, step by step, and shows no key', async () => {
    const { status, output } = await smoke();
    expect(output).toMatch(/^passed +\d+\.\d\d s {2}the stack SecurityLogs is found\n/);
    expect(output).toMatch(/\npassed +\d+\.\d\d s {2}the window has the log\n/);
    expect(output).toMatch(/\npassed +\d+\.\d\d s {2}the feed has the log\n/);
    expect(output).toMatch(/\nthe smoke test passed\n$/);
    expect(output).not.toContain(API_KEY);
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
