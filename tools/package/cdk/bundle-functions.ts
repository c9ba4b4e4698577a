import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_WRITERS, bundleOptions } from '../../../shared/bundling.ts';

/** @returns the folders of the functions of the service, under `functions/` */
export const functionNames = (root: string): string[] =>
  readdirSync(join(root, 'functions')).filter((name) =>
    existsSync(join(root, 'functions', name, 'handler.ts')),
  );

/**
 * Bundles every function of the service, as the CDK does in the repository (infra/function-code.ts).
 *
 * @param root of the repository
 * @param folder gets a folder for each function, by its name
 */
export async function bundleFunctions(root: string, folder: string): Promise<void> {
  for (const name of functionNames(root)) {
    const target = join(folder, name);
    await build({
      ...bundleOptions(name),
      absWorkingDir: root,
      outfile: join(target, 'index.mjs'),
      logLevel: 'warning',
    });
    const writer = BUNDLE_WRITERS[name];
    if (writer !== undefined) execFileSync(process.execPath, [join(root, writer), target]);
  }
}
