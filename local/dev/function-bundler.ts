import { join } from 'node:path';
import { context } from 'esbuild';
import { bundleOptions } from '../../shared/bundling.ts';

export type FunctionBundler = Awaited<ReturnType<typeof functionBundler>>;

/**
 * Bundles one function, again and again. Unchanged files are parsed once.
 *
 * @param name the folder under `functions/` with the function's `handler.ts`
 */
export async function functionBundler(root: string, name: string) {
  const build = await context({
    ...bundleOptions(name),
    absWorkingDir: root,
    outfile: join(root, 'index.mjs'),
    write: false,
    logLevel: 'silent',
  });
  return {
    /**
     * Bundles the function as the CDK does.
     *
     * @returns the code of `index.mjs`
     * @throws Error with what esbuild says about the sources
     */
    async bundle(): Promise<Uint8Array> {
      const { outputFiles } = await build.rebuild();
      const code = outputFiles.find(({ path }) => path.endsWith('.mjs'));
      if (code === undefined) throw new Error('esbuild has written no code');
      return code.contents;
    },
    close: () => build.dispose(),
  };
}
