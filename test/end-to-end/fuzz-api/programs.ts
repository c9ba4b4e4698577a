import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Started } from '../../../local/emulator/process/close-in-reverse.ts';

/** Runs programs of Python. */

export interface RunOptions {
  /** Its `close` ends the program. */
  readonly started: Started;
  readonly cwd?: string;
  /** Beside the environment of this process. */
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program, and shows what it wrote when it has ended: programs that run side by side do not mix.
 *
 * @throws Error if it cannot be run, or ends with another status than 0
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  { started, cwd, env }: RunOptions,
) {
  const running = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(running, 'exit');
  await started.add(() => void running.kill());
  const [output, errors, [status, signal]] = await Promise.all([
    text(running.stdout),
    text(running.stderr),
    ended,
  ]);
  process.stdout.write(output);
  process.stderr.write(errors);
  if (status !== 0) throw new Error(`${program} ended with ${status ?? signal}`);
}

const CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

/** Whether there is a Python that schemathesis runs on, and that can make an environment for it. */
export async function hasPython(): Promise<boolean> {
  const running = spawn('python3', ['-c', CHECK], { stdio: 'ignore' });
  const [status] = await once(running, 'exit').catch(() => [1]);
  return status === 0;
}
