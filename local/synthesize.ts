import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SettingsInput } from '../shared/settings/schema.ts';
import type { Log } from './emulator/log.ts';
import { startChild } from './emulator/process/child-process.ts';
import type { Started } from './emulator/process/close-in-reverse.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const SETTINGS = 'SECURITY_LOGS_SETTINGS';
const DEFAULTS = 'SECURITY_LOGS_DEFAULTS';

export interface SynthesisOptions {
  /** The file with the settings; by default the app's own. */
  readonly settings?: string | undefined;
  /** Settings that hold where the file says nothing. */
  readonly defaults?: SettingsInput | undefined;
  /** Breaks it off. */
  readonly signal?: AbortSignal;
}

/**
 * Runs the CDK app. It needs neither network nor account.
 *
 * @returns a temporary folder with a cloud assembly, and how to delete it
 * @throws Error with what the app wrote, if it failed or was aborted
 */
export async function synthesize({ settings, defaults, signal }: SynthesisOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'security-logs-'));
  const close = (): Promise<void> =>
    rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  const app = startChild({
    entry: 'infra/app.ts',
    environment: {
      ...process.env,
      CDK_OUTDIR: folder,
      // npx, which bundles, would leave Node's cache of compiled code in the temporary folder.
      NODE_DISABLE_COMPILE_CACHE: '1',
      ...(settings !== undefined && { [SETTINGS]: resolve(settings) }),
      ...(defaults !== undefined && { [DEFAULTS]: JSON.stringify(defaults) }),
    },
    folder: ROOT,
    // It bundles the functions in processes of its own, which write into the folder.
    group: true,
  });
  signal?.addEventListener('abort', app.kill, { once: true });
  if (signal?.aborted) app.kill();

  let output = '';
  for (const stream of [app.process.stdout, app.process.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  }
  const how = await app.exited;
  signal?.removeEventListener('abort', app.kill);
  if (how === 'exit status 0') return { folder, close };
  await close();
  throw new Error(`the CDK app could not be synthesized (${how})\n${output.trim()}`);
}

/**
 * Synthesizes for as long as a stack runs.
 *
 * @param options the settings
 * @param started deletes the folder of the assembly when it closes, even while the app still runs
 * @returns the folder
 */
export async function synthesizeUntilStopped(
  { settings, defaults }: Pick<SynthesisOptions, 'settings' | 'defaults'>,
  log: Log,
  started: Started,
): Promise<string> {
  log.progress('synthesizing the CDK app');
  const synthesizing = synthesize({ settings, defaults, signal: started.stopping });
  await started.add(async () => {
    const made = await synthesizing.catch(() => undefined);
    await made?.close();
  });
  return (await synthesizing).folder;
}
