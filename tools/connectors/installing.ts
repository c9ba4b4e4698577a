import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { CannotInstall } from './connector.ts';

/** What connectors do to install a collector. */

/**
 * Looks for commands that the machine must have.
 *
 * @throws CannotInstall naming those that it has not
 */
export function requireCommands(...commands: readonly string[]): void {
  const missing = commands.filter((command) => spawnSync('sh', ['-c', `command -v ${command}`]).status !== 0);
  if (missing.length > 0) throw new CannotInstall(`this machine has no ${missing.join(', ')}`);
}

/**
 * Runs one command of an installation.
 *
 * @throws CannotInstall with the last that it said, if it fails
 */
export async function installBy(
  program: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<void> {
  try {
    await promisify(execFile)(program, args, { maxBuffer: 64e6, ...options });
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    const lines = (stderr || message).trim().split('\n');
    throw new CannotInstall(`${program} ${args.join(' ')}: ${lines.slice(-3).join(' ')}`);
  }
}
