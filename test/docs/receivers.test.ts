import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { blocksOf, readText } from './repository.ts';

const PAGE = readText('docs/custom-services.md');
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SECRET = Buffer.alloc(48, 7).toString('base64');
const OLD_SECRET = Buffer.alloc(48, 8).toString('base64');
const LOG = JSON.stringify({ event: { action: 'OPENED' }, label: { rid: 'ü' } });
const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;

const RECEIVERS = [
  ['ts', 'receiver.ts', process.execPath, true],
  ['python', 'receiver.py', 'python3', HAS_PYTHON],
] as const;

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test.runIf(!HAS_PYTHON)('python3 is missing on this machine: the receiver in Python is not tested', () => {});

describe.each(RECEIVERS.filter(([, , , isThere]) => isThere))(
  'the receiver of the page in %s',
  (language, file, command) => {
    let folder: string;
    let receiver: ChildProcess;
    let output = '';
    let url: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'receiver-'));
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      const [code = ''] = blocksOf(PAGE, language, 'receiver');
      await writeFile(join(folder, file), code);
      const port = await freePort();
      const env = {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        SIGNING_SECRET: SECRET,
        PORT: String(port),
      };
      receiver = spawn(command, [file], { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] });
      output = '';
      receiver.stdout?.on('data', (chunk) => {
        output += chunk;
      });
      url = `http://127.0.0.1:${port}/`;
      await vi.waitFor(() => fetch(url, { method: 'POST' }), { timeout: 30_000, interval: 50 });
    });
    afterEach(async () => {
      receiver.kill('SIGKILL');
      await rm(folder, { recursive: true });
    });

    /** Posts the log as the service does. @returns the status */
    const post = async (
      id: string,
      {
        secrets = [SECRET],
        sentAt = new Date(),
        body = LOG,
      }: { secrets?: string[]; sentAt?: Date; body?: string } = {},
    ): Promise<number> => {
      const signatures = secrets.map((secret) => new Webhook(secret).sign(id, sentAt, LOG));
      const headers = {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': signatures.join(' '),
      };
      return (await fetch(url, { method: 'POST', headers, body })).status;
    };
    const lines = () => output.split('\n').filter(Boolean);

    test('keeps what is signed, each log once, and refuses everything else', async () => {
      expect(await post('a')).toBe(204);
      expect(await post('a')).toBe(204);
      expect(await post('b', { secrets: [OLD_SECRET, SECRET] })).toBe(204);
      expect(await post('c', { secrets: [OLD_SECRET] })).toBe(401);
      expect(await post('d', { sentAt: new Date(Date.now() - 3_600_000) })).toBe(401);
      expect(await post('e', { body: LOG.replace('OPENED', 'LINK_SENT') })).toBe(401);
      expect((await fetch(url, { method: 'POST', body: LOG })).status).toBe(401);
      expect(await post('f')).toBe(204);
      await vi.waitFor(() => expect(lines()).toHaveLength(3), 10_000);
      for (const line of lines()) expect(JSON.parse(line)).toEqual(JSON.parse(LOG));
    });
  },
);
