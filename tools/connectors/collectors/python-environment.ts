import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installBy, requireCommands } from '../installing.ts';

/** The Python of a virtual environment in this folder. */
export const pythonIn = (folder: string): string => join(folder, 'venv', 'bin', 'python');

/**
 * Makes a virtual environment with these packages, unless an earlier run has made it.
 *
 * @param requirements as pip takes them, with their exact versions
 * @throws CannotInstall if the machine has no Python, or a package cannot be had
 */
export async function installPythonPackages(folder: string, requirements: readonly string[]): Promise<void> {
  requireCommands('python3');
  if (!existsSync(pythonIn(folder))) await installBy('python3', ['-m', 'venv', join(folder, 'venv')]);
  const options = ['--quiet', '--disable-pip-version-check'];
  await installBy(pythonIn(folder), ['-m', 'pip', 'install', ...options, ...requirements]);
}
