import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installBy, requireCommands } from './installing.ts';

/** A command of a Go module. */
export interface GoCommand {
  /** Such as `example.org/module/cmd/name`. */
  readonly path: string;
  readonly version: string;
  /** Build tags, with commas between; what they do is up to the module. */
  readonly tags?: string;
}

/** Where `goBuild` puts a command; another version is another file. */
export const goBinary = (tools: string, { path, version }: GoCommand): string =>
  join(tools, `${path.split('/').at(-1)}-${version}`);

/**
 * Builds a command in a folder, unless it is there from an earlier run. The module is added to a module of the folder, because
 * `go install` asks the proxy for a list of versions, and not every proxy has one.
 *
 * @throws CannotInstall if this machine has no Go, or the module cannot be had or built
 */
export async function goBuild(tools: string, command: GoCommand): Promise<void> {
  requireCommands('go');
  const binary = goBinary(tools, command);
  if (existsSync(binary)) return;
  const { path, version, tags = '' } = command;
  const source = `${binary}.build`;
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'go.mod'), 'module connector\n');
  await installBy('go', ['get', `${path}@${version}`], { cwd: source });
  await installBy('go', ['build', '-tags', tags, '-o', binary, path], { cwd: source });
}
