import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CannotInstall } from '../../../tools/connectors/connector.ts';
import { goBinary, goBuild } from '../../../tools/connectors/go-build.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'go-build-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const command = { path: 'example.invalid/module/cmd/name', version: 'v1.2.3' };

/** Puts a `go` of this script before all other commands. */
async function useGo(script: string): Promise<void> {
  await writeFile(join(folder, 'go'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
}

test('each version has a file of its own', () => {
  expect(goBinary('/tools', command)).toBe('/tools/name-v1.2.3');
});

test('what an earlier run has built is not built again', async () => {
  await useGo('echo "go was asked" >&2; exit 1');
  await writeFile(goBinary(folder, command), '');
  await goBuild(folder, command);
});

test('a module that cannot be had is a reason to skip the collector', async () => {
  await useGo('echo "no such module" >&2; exit 1');
  const failure = await goBuild(folder, command).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CannotInstall);
  expect((failure as Error).message).toContain('no such module');
});
