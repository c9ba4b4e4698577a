import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { MINISTACK } from './ministack.ts';

/** A running emulator, with nothing in it. */
export interface Emulator {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Installs MiniStack into a folder, and starts it on a free port. It runs functions with the Node that runs this.
 *
 * @param seconds how long installing may take
 * @returns why it cannot be had, if so
 */
export async function startEmulator(
  folder: string,
  seconds: number,
): Promise<Emulator | { readonly missing: string }> {
  const venv = join(folder, 'venv');
  const until = Date.now() + seconds * 1000;
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', venv]],
    [join(venv, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', MINISTACK]],
  ];
  for (const [program, args] of steps) {
    const timeout = Math.max(1, until - Date.now());
    const { status } = spawnSync(program, args, { timeout, stdio: 'ignore' });
    if (status !== 0)
      return { missing: `${program} ${args.join(' ')} failed or took longer than ${seconds} s` };
  }
  const port = await freePort();
  const child = spawn(join(venv, 'bin/ministack'), {
    cwd: folder,
    stdio: 'ignore',
    env: {
      ...process.env,
      GATEWAY_PORT: String(port),
      PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
      // It leaves the code of each function process behind.
      TMPDIR: folder,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, child);
  } catch (error) {
    child.kill();
    throw error;
  }
  return {
    url,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

/** Waits until the emulator answers; half a minute at most. */
async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 150 && child.exitCode === null; attempt++) {
    const answer = await fetch(`${url}/_ministack/health`).catch(() => undefined);
    if (answer?.ok) return;
    await wait(200);
  }
  throw new Error('the emulator does not answer');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
