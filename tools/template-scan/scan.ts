import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Finding } from './findings.ts';
import type { Scanner } from './scanners.ts';

/**
 * Runs a scanner.
 *
 * @param program where it is
 * @param template the path of the template
 * @throws Error if the scanner did not scan: then nothing is known of the template
 */
export function scan(
  { name, arguments: options, findings }: Scanner,
  program: string,
  template: string,
): Finding[] {
  const { stdout, stderr, error } = spawnSync(program, options(template), {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    timeout: 600_000,
  });
  try {
    if (error) throw error;
    return findings(stdout, readFileSync(template, 'utf8'));
  } catch (cause) {
    throw new Error(`${name} did not scan the template: ${(cause as Error).message}\n${stderr ?? ''}`, {
      cause,
    });
  }
}
