import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Scanner } from './scanners.ts';

/** A program that can be run, or why there is none. */
export type Installed = { readonly program: string } | { readonly missing: string };

/**
 * Finds a scanner on the PATH, or installs it.
 *
 * @param folder an empty folder for a virtual environment of Python
 * @param seconds how long installing may take; 0 installs nothing
 */
export function findOrInstall({ name, version }: Scanner, folder: string, seconds: number): Installed {
  if (runs(name)) return { program: name };
  if (seconds === 0) return { missing: 'it is not installed' };
  const until = Date.now() + seconds * 1000;
  const venv = join(folder, name);
  const steps: [string, string[]][] = [
    ['python3', ['-m', 'venv', venv]],
    [join(venv, 'bin', 'pip'), ['install', '--quiet', '--no-compile', `${name}==${version}`]],
  ];
  for (const [program, args] of steps) {
    const left = until - Date.now();
    const { status, error } = spawnSync(program, args, { timeout: Math.max(1, left), stdio: 'ignore' });
    if (status === 0) continue;
    const timedOut = (error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT';
    return { missing: timedOut ? `installing takes longer than ${seconds} s` : `${program} failed` };
  }
  const program = join(venv, 'bin', name);
  return existsSync(program) && runs(program) ? { program } : { missing: 'it does not run' };
}

const runs = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
