import { isAbsolute, join, relative } from 'node:path';
import { context, type Metafile } from 'esbuild';
import { BUNDLING } from '../../shared/bundling.ts';

/** Bundles one function, again and again. Unchanged files are parsed once. */
export interface FunctionBundler {
  /**
   * Whether the next bundle may differ because these files have changed.
   *
   * @param files absolute paths
   */
  mayDependOn(files: readonly string[]): boolean;
  /**
   * Bundles the function as the CDK does.
   *
   * @returns the code of `index.mjs`
   * @throws Error with what esbuild says about the sources
   */
  bundle(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * @param root the folder of the repository
 * @param name the folder under `functions/` with the function's `handler.ts`
 */
export async function functionBundler(root: string, name: string): Promise<FunctionBundler> {
  const build = await context({
    ...BUNDLING,
    mainFields: [...BUNDLING.mainFields],
    bundle: true,
    platform: 'node',
    absWorkingDir: root,
    entryPoints: [join('functions', name, 'handler.ts')],
    outfile: join(root, 'index.mjs'),
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  /** What the last bundle was made of; unknown before the first one and after a failure. */
  let inputs: Metafile['inputs'] | undefined;

  return {
    mayDependOn(files) {
      const known = inputs;
      return known === undefined || files.some((file) => inputName(root, file) in known);
    },
    async bundle() {
      inputs = undefined;
      const { outputFiles, metafile } = await build.rebuild();
      const code = outputFiles.find(({ path }) => path.endsWith('.mjs'));
      if (code === undefined) throw new Error('esbuild has written no code');
      inputs = metafile.inputs;
      return code.contents;
    },
    close: () => build.dispose(),
  };
}

/** A file as esbuild names it: relative to the root, with slashes. */
function inputName(root: string, file: string): string {
  const path = isAbsolute(file) ? relative(root, file) : file;
  return path.replaceAll('\\', '/');
}
