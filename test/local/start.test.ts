import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openSecrets } from '../../local/emulator/secrets-manager/secret-store.ts';
import { readOptions } from '../../local/options.ts';
import { synthesize } from '../../local/synthesize.ts';
import { descendants, isAlive, type Launched, launch } from './fixtures/processes.ts';

const start = (args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}): Launched => {
  const launched = launch(['local/start.ts', ...args], environment);
  onTestFinished(() => void launched.process.kill('SIGKILL'));
  return launched;
};
const allGone = (pids: readonly number[]): Promise<void> =>
  vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 30_000, interval: 50 });

describe('npm start', () => {
  test('shows the nine samples published and read back, is ready, and stops cleanly', async () => {
    const stack = start([], { EASYSEND_SECURITY_LOGS_API_KEY: "it's mine" });
    const [, url = ''] = await stack.wrote(/^ready after .* s: (\S+)/m);
    const output = stack.output();
    expect(output).toMatch(/published 9 sample events[\s\S]*Number-Of-Results: 9\n/);
    expect(output.match(/^ {2}\S+Z {2}player /gm)).toHaveLength(8);
    expect(output.match(/^ {2}\S+Z {2}builder /gm)).toHaveLength(1);
    expect(output).toContain(`curl -i -H 'apiKey: it'\\''s mine' '${url}?start_time=`);
    expect(output).toMatch(/aws --region us-east-1 --endpoint-url http:\S+ events put-events/);

    const children = descendants(stack.process.pid);
    expect(children.length).toBeGreaterThanOrEqual(3);
    const began = performance.now();
    stack.process.kill('SIGTERM');
    expect(await stack.ended()).toBe(0);
    expect(performance.now() - began).toBeLessThan(30_000);
    await allGone(children);
    await expect(fetch(url)).rejects.toThrow();
    expect(stack.output()).toBe(output);
  });

  test('watches the sources, as npm run dev, and leaves nothing behind', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'dev-test-'));
    onTestFinished(() => rm(temporary, { recursive: true }));
    const stack = start(['--empty', '--watch'], { TMPDIR: temporary });
    await stack.wrote(/^watching functions, shared, infra and \S+settings\.json$/m);
    // The bundles that run are those that are made from the sources now.
    expect(stack.output()).not.toContain('code');
    const children = descendants(stack.process.pid);
    stack.process.kill('SIGTERM');
    expect(await stack.ended()).toBe(0);
    await allGone(children);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('stops when its parent goes away', async () => {
    const parent = launch([
      '-e',
      `require('node:child_process').spawn(process.execPath, ['local/start.ts', '--empty'], { stdio: 'inherit' })`,
    ]);
    await parent.wrote(/^ready/m);
    const family = descendants(parent.process.pid);
    expect(family.length).toBeGreaterThanOrEqual(4);
    parent.process.kill('SIGKILL');
    await allGone(family);
  });

  test('can be stopped while it starts, and leaves nothing behind', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rm(temporary, { recursive: true }));
    const stack = start([], { TMPDIR: temporary });
    await stack.wrote(/^synthesizing/m);
    await vi.waitFor(() => expect(descendants(stack.process.pid)).not.toEqual([]));
    const children = descendants(stack.process.pid);
    stack.process.kill('SIGINT');
    expect(await stack.ended()).toBe(0);
    await allGone(children);
    expect(stack.output()).not.toContain('could not start');
    expect(await readdir(temporary)).toEqual([]);
  });

  test('can be stopped while it bundles the functions, and leaves nothing behind', async () => {
    const temporary = await mkdtemp(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rm(temporary, { recursive: true }));
    const stack = start([], { TMPDIR: temporary });
    // The CDK app and what it has started itself.
    await vi.waitFor(() => expect(descendants(stack.process.pid).length).toBeGreaterThanOrEqual(2), {
      timeout: 20_000,
      interval: 20,
    });
    const children = descendants(stack.process.pid);
    stack.process.kill('SIGINT');
    expect(await stack.ended()).toBe(0);
    await allGone(children);
    expect(await readdir(temporary)).toEqual([]);
  });

  test('a synthesis that is broken off before it begins comes to nothing', async () => {
    await expect(synthesize({ signal: AbortSignal.abort() })).rejects.toThrow('SIGKILL');
  });

  test('refuses a folder that another stack has, also with a store elsewhere, and takes over what a killed one left', async () => {
    const data = await mkdtemp(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rm(data, { recursive: true }));
    // A stack that is killed cannot delete the folder of its synthesis.
    const temporary = await mkdtemp(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rm(temporary, { recursive: true }));
    const elsewhere = { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1', TMPDIR: temporary };
    const first = start(['--empty', '--data', data], elsewhere);
    await first.wrote(/^synthesizing/m);
    await vi.waitFor(() => expect(descendants(first.process.pid)).not.toEqual([]));
    const synthesis = descendants(first.process.pid);
    const second = start(['--empty', '--data', data], elsewhere);
    expect(await second.ended()).toBe(1);
    expect(second.output()).toContain(`${data} is in use by process ${first.process.pid};`);
    first.process.kill('SIGKILL');
    await first.ended();
    const third = start(['--empty', '--data', data], elsewhere);
    await third.wrote(/^synthesizing/m);
    third.process.kill('SIGTERM');
    expect(await third.ended()).toBe(0);
    expect(await readdir(data)).toEqual([]);
    await allGone(synthesis);
  });

  test.each([
    ['broken off', '{"arn:secret":{"versions":{"a":{"value":"hunter2'],
    ['of another kind', '{"arn:secret":{"versions":"hunter2"}}'],
    ['no JSON at all', 'hunter2'],
  ])('names a damaged secrets.json (%s), and nothing of its content', async (_, content) => {
    const data = await mkdtemp(join(tmpdir(), 'start-test-'));
    onTestFinished(() => rm(data, { recursive: true }));
    const file = join(data, 'secrets.json');
    await writeFile(file, content);
    await expect(openSecrets([], file)).rejects.toThrow(`${file}: `);
    await expect(openSecrets([], file)).rejects.not.toThrow('hunter');
  });

  test.each(['PORT', 'AWS_PORT'])('says which port is in use (%s)', async (name) => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as AddressInfo;
    const stack = start([], { [name]: String(port) });
    expect(await stack.ended()).toBe(1);
    expect(stack.output()).toContain(`could not start: port ${port} is in use`);
  });

  test('explains its use, and what it does not understand', async () => {
    const help = start(['--help']);
    expect(await help.ended()).toBe(0);
    expect(help.output()).toMatch(/^Usage: npm start/);
    const wrong = start(['--nope']);
    expect(await wrong.ended()).toBe(2);
    expect(wrong.output()).toMatch(/^Unknown option '--nope'[\s\S]*Usage: npm start/);
  });
});

test('what a stack has started ends with it, even when it is killed', async () => {
  // The killed process cannot remove its own folder.
  const TMPDIR = await mkdtemp(join(tmpdir(), 'start-test-'));
  onTestFinished(() => rm(TMPDIR, { recursive: true }));
  const stack = launch(['test/local/fixtures/run-fixture-stack.ts'], { TMPDIR });
  await stack.wrote(/^running/m);
  const children = descendants(stack.process.pid);
  expect(children.length).toBeGreaterThanOrEqual(2);
  stack.process.kill('SIGKILL');
  await allGone(children);
});

describe('the options', () => {
  test('have the defaults of the contract', () => {
    expect(readOptions([], {})).toEqual({
      help: false,
      samples: true,
      watch: false,
      verbose: false,
      data: undefined,
      port: 3000,
      awsPort: 4566,
      apiKey: 'local-api-key',
      storeUrl: undefined,
    });
  });

  test('come from the command line and the environment', () => {
    const environment = { PORT: '1', AWS_PORT: '65535', EASYSEND_SECURITY_LOGS_API_KEY: 'k' };
    expect(readOptions(['--empty', '--data', 'dir', '--verbose'], environment)).toMatchObject({
      samples: false,
      data: 'dir',
      verbose: true,
      port: 1,
      awsPort: 65_535,
      apiKey: 'k',
    });
  });

  test.each([
    [['--data'], {}, '--data'],
    [['--data', ''], {}, '--data is empty'],
    [['--data='], {}, '--data is empty'],
    [['--settings', ''], {}, '--settings is empty'],
    [['--secrets', ''], {}, '--secrets is empty'],
    [['extra'], {}, 'extra'],
    [[], { PORT: 'http' }, 'PORT is "http"; accepted: 0 (any free port) to 65535'],
    [[], { AWS_PORT: '65536' }, 'AWS_PORT is "65536"'],
  ])('%j with %j cannot be understood', (args, environment, message) => {
    expect(() => readOptions(args, environment)).toThrow(message);
  });
});
