import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type InstalledPackage, installPackage } from '../fixtures/installed-package.ts';
import { API_KEY, type RunningStack, startRunningStack } from './running-stack.ts';

/** The packed package as an application and a consumer have it, against the local stack (docs/client.md). */

let stack: RunningStack;
let installed: InstalledPackage;
beforeAll(async () => {
  [stack, installed] = await Promise.all([startRunningStack(), installPackage()]);
}, 120_000);
afterAll(async () => {
  await stack.close();
  await installed.close();
});

const COMMAND = 'node_modules/.bin/security-logs';
const securityLogs = (args: readonly string[], input = '') =>
  installed.node([COMMAND, ...args], { EASYSEND_SECURITY_LOGS_API_KEY: API_KEY }, input);
const get = () =>
  securityLogs(['get', '--url', stack.url, '--since', '-1h', '--until', '2099-01-01T00:00:00Z']);
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);
const patience = { timeout: 30_000, interval: 300 };

describe('the package', () => {
  test('installs nothing else, and says whose code it has', () => {
    const modules = join(installed.folder, 'node_modules');
    expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['security-logs-service']);
    const folder = join(modules, 'security-logs-service');
    expect(readFileSync(join(folder, 'THIRD-PARTY-LICENCES.txt'), 'utf8')).toContain('client-eventbridge');
    expect(existsSync(join(folder, 'LICENSE'))).toBe(true);
  });

  test('publishes from an application, and reports what cannot be published', async () => {
    const program = `
      import { publishSecurityEvents } from 'security-logs-service';
      const events = [{ event: { action: 'OPENED', id: 'from-code' }, label: { rid: 'r-1' } }, { event: { action: 'LOGIN' } }];
      console.log(JSON.stringify(await publishSecurityEvents(events, { endpoint: process.env.AWS })));`;
    const ended = await installed.node(['--input-type=module', '-e', program], { AWS: stack.awsUrl });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      published: 1,
      failed: [{ index: 1, code: 'unknown_action' }],
    });
  });

  test('has the schemas, in JavaScript and as files', async () => {
    const program = `
      import { securityEvent, securityLog, settings } from 'security-logs-service/schemas';
      import { createRequire } from 'node:module';
      const files = ['security-event', 'security-log', 'settings'].map((name) =>
        createRequire(import.meta.url)('security-logs-service/schemas/' + name + '.json'));
      console.log(JSON.stringify([files, [securityEvent, securityLog, settings]]));`;
    writeFileSync(join(installed.folder, 'schemas.js'), program);
    const { stdout } = await installed.node(['schemas.js']);
    const [files, values] = JSON.parse(stdout);
    expect(files).toEqual(values);
    expect(values.map(({ title }: { title: string }) => title)).toEqual([
      'SecurityEventDetail',
      'SecurityLog',
      'Settings',
    ]);
    expect(values[1].properties.event.properties.action.enum).toContain('LINK_SENT');
  });

  test('has declarations that stand alone, and find a wrong action', async () => {
    const program = (action: string) => `
      import { type PublishResult, publishSecurityEvents } from 'security-logs-service';
      import { type SecurityLog, securityLog } from 'security-logs-service/schemas';
      export const result: Promise<PublishResult> = publishSecurityEvents(
        [{ '@timestamp': new Date(), event: { action: '${action}' }, label: { rid: 'r' } }],
        { source: 'easysend.builder' },
      );
      export const ip = (log: SecurityLog): string | undefined => log.client?.ip;
      export const { title } = securityLog;`;
    const check = async (action: string): Promise<string> => {
      const file = join(installed.folder, 'application.ts');
      writeFileSync(file, program(action));
      const options = '--noEmit --strict --module nodenext --target es2023 --lib es2023,dom';
      const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');
      const args = [tsc, ...options.split(' '), file];
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: installed.folder }).catch(
        (error) => error,
      );
      return stdout;
    };
    expect(await check('LINK_SENT')).toBe('');
    expect(await check('LINK_SEND')).toContain(`'"LINK_SEND"' is not assignable`);
  });
});

describe('the installed command', () => {
  test('sends events, which get and tail give, each once', async () => {
    const sent = await securityLogs([
      'send',
      '--count',
      '250',
      '--rate',
      '0',
      '--endpoint-url',
      stack.awsUrl,
    ]);
    expect([sent.status, sent.stdout]).toEqual([0, '']);
    expect(sent.stderr).toContain('250 events of 250 published');
    // The publisher's test has published one more.
    await vi.waitFor(async () => expect(linesOf((await get()).stdout)).toHaveLength(251), patience);

    const output = join(installed.folder, 'logs.ndjson');
    const tail = () =>
      securityLogs([
        'tail',
        '--once',
        '--limit',
        '60',
        '--output',
        output,
        '--url',
        stack.outputs['FeedUrl'] ?? '',
      ]);
    expect((await tail()).status).toBe(0);
    const ids = () => linesOf(readFileSync(output, 'utf8')).map((line) => JSON.parse(line).event.id);
    expect(new Set(ids()).size).toBe(251);
    // As if it had been killed while it wrote the next answer.
    writeFileSync(output, '{"event":{"id":"twice"}}\n{"ev', { flag: 'a' });
    const one = '{"event":{"action":"COMPLETED","id":"one-more"}}';
    expect((await securityLogs(['send', '-', '--endpoint-url', stack.awsUrl], one)).status).toBe(0);
    await vi.waitFor(async () => {
      await tail();
      expect(ids()).toHaveLength(252);
    }, patience);
    expect(new Set(ids()).size).toBe(252);
    expect(ids().at(-1)).toBe('one-more');
  });

  test('checks an event as the service does', async () => {
    const event = '{"event":{"action":"OPENED"},"url":{"full":"https://a.example/x"}}';
    const { status, stdout } = await securityLogs(['check', '-'], event);
    expect([status, JSON.parse(stdout).log.url.domain]).toEqual([0, 'a.example']);
    expect((await securityLogs(['check', '-'], '{}')).status).toBe(4);
  });

  test('shows rejections, again and again', async () => {
    const rejected = ['{"event":{"action":"LOGIN"}}', '{"event":{"action":"LOGOUT"}}', '{"label":{}}'];
    await stack.publish(rejected.map((Detail) => ({ Detail, Source: 'easysend.builder' })));
    const show = (...args: string[]) => securityLogs(['rejections', '--endpoint-url', stack.awsUrl, ...args]);
    const table = () => show();
    await vi.waitFor(async () => {
      const { stdout } = await table();
      expect(stdout).toMatch(/easysend\.builder +unknown_action +2 /);
      expect(stdout).toMatch(/easysend\.builder +missing_action +1 /);
    }, patience);
    const { status, stdout } = await show('--format', 'ndjson');
    expect(status).toBe(0);
    const details = linesOf(stdout).map((line) => JSON.stringify(JSON.parse(line).event.detail));
    expect(details.toSorted()).toEqual(rejected.toSorted());
  });

  test('ends with the status 3 if the key is wrong, 1 if nobody answers within its patience', async () => {
    const wrong = await installed.node([COMMAND, 'get', '--url', stack.url], {
      EASYSEND_SECURITY_LOGS_API_KEY: 'wrong',
    });
    expect([wrong.status, wrong.stdout]).toEqual([3, '']);
    expect(wrong.stderr).toContain('401 unauthorized');
    const missing = await securityLogs(['check', 'missing.json']);
    expect([missing.status, missing.stderr]).toEqual([1, expect.stringContaining('ENOENT')]);
  });
});
