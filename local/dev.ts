import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SettingsInput } from '../shared/settings/schema.ts';
import { functionBundler } from './dev/function-bundler.ts';
import { type LiveFunction, liveFunctions } from './dev/live-functions.ts';
import { templateChanges } from './dev/template-changes.ts';
import { watchFolders } from './dev/watch-folders.ts';
import type { Started } from './emulator/process/close-in-reverse.ts';
import { type Assembly, readAssembly, type Template } from './emulator/template/assembly.ts';
import type { LocalStack } from './security-logs-stack.ts';
import { type SynthesisOptions, synthesize } from './synthesize.ts';

/** `npm run dev`: takes up changes of the sources while the stack runs (docs/contract.md#on-one-machine). */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const fromRoot = (folder: string): string => join(ROOT, folder);

/** The variable that names a function's folder under `functions/`. */
const FOLDER_VARIABLE = 'POWERTOOLS_SERVICE_NAME';

/** How long to wait before the app is synthesized, so that functions have the processor first. Milliseconds. */
const SYNTHESIS_SETTLE = 1000;

/**
 * Watches the sources: replaces the code of functions that has changed, and says what has changed in the template.
 *
 * @param folder of the assembly that the stack runs
 * @param settings the file, and the defaults, that the assembly was synthesized with
 * @param started collects what is started; its signal breaks off what is under way
 */
export async function watchSources(
  stack: LocalStack,
  folder: string,
  { settings, defaults }: { readonly settings: string; readonly defaults: SettingsInput },
  say: (line: string) => void,
  started: Started,
): Promise<void> {
  const assembly = await readAssembly(folder);
  const bundles = await mkdtemp(join(tmpdir(), 'security-logs-dev-'));
  await started.add(() => rm(bundles, { recursive: true, force: true }));
  const functions = await functionsOf(stack, assembly, started);
  const update = liveFunctions(functions, bundles, say);
  await started.add(watchFolders({ folders: [fromRoot('functions'), fromRoot('shared')] }, update));

  const resynthesize = templateComparison(assembly.template, { settings, defaults }, started.stopping, say);
  await started.add(
    watchFolders(
      { folders: [fromRoot('infra'), fromRoot('shared')], files: [settings] },
      async (paths) => {
        if (paths.some(isSource)) await resynthesize();
      },
      SYNTHESIS_SETTLE,
    ),
  );
  await update();
  say(`watching functions, shared, infra and ${settings}`);
}

/** Not what an editor writes beside a file. */
const isSource = (path: string): boolean => ['.ts', '.json'].includes(extname(path));

async function functionsOf(stack: LocalStack, assembly: Assembly, started: Started): Promise<LiveFunction[]> {
  const functions: LiveFunction[] = [];
  for (const { logicalId, replaceCode } of stack.functions) {
    const properties = assembly.template.Resources[logicalId]?.Properties as unknown as FunctionProperties;
    const name = properties.Environment?.Variables[FOLDER_VARIABLE];
    if (name === undefined) throw new Error(`the function ${logicalId} has no variable ${FOLDER_VARIABLE}`);
    const bundler = await functionBundler(ROOT, name);
    await started.add(bundler.close);
    const folder = assembly.assetFolder(properties.Code.S3Key);
    const code = await readFile(join(folder, 'index.mjs'));
    functions.push({ name, folder, code, bundler, replaceCode });
  }
  return functions;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key: string };
  readonly Environment?: { readonly Variables: Readonly<Record<string, string>> };
}

/** @returns synthesizes the app and says how its template differs from the running one */
function templateComparison(
  running: Template,
  options: SynthesisOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): () => Promise<void> {
  let last = '';
  return async () => {
    try {
      const { folder, close } = await synthesize({ ...options, signal });
      const { template } = await readAssembly(folder).finally(close);
      const lines = templateChanges(running, template).join('\n  ');
      // A change of shared often leaves the template as it is: nothing need be said then.
      if (lines === last) return;
      last = lines;
      if (lines === '') say('the template is again the one that runs');
      else say(`the template has changed; restart to run it\n  ${lines}`);
    } catch (error) {
      if (!signal.aborted) say((error as Error).message);
    }
  };
}
