import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FunctionBundler } from './function-bundler.ts';

export interface LiveFunction {
  readonly name: string;
  /** The folder that it was started with: it may have files beside the code. */
  readonly folder?: string;
  /** The code that it was started with. */
  readonly code: Uint8Array;
  readonly bundler: FunctionBundler;
  /** @throws Error if the code cannot start; the function then keeps the code that it has */
  replaceCode(codeFolder: string): Promise<void>;
}

/**
 * Keeps the code of running functions up to date with their sources.
 *
 * @param folder where the bundles go; it must outlive the functions
 * @param say is told which function runs new code, and which keeps its old code and why
 * @returns bundles the functions and replaces the code that differs from the running one; one call waits for the other
 */
export function liveFunctions(
  functions: readonly LiveFunction[],
  folder: string,
  say: (line: string) => void,
): () => Promise<void> {
  const running = new Map(functions.map(({ name, code }) => [name, code]));

  const update = async (fn: LiveFunction): Promise<void> => {
    const { name, bundler } = fn;
    const began = performance.now();
    try {
      const code = await bundler.bundle();
      if (Buffer.compare(code, running.get(name) ?? Buffer.alloc(0)) === 0) return;
      const codeFolder = await mkdtemp(join(folder, `${name}-`));
      if (fn.folder !== undefined) await cp(fn.folder, codeFolder, { recursive: true });
      await writeFile(join(codeFolder, 'index.mjs'), code);
      await fn.replaceCode(codeFolder);
      running.set(name, code);
      say(`${name} runs new code, after ${((performance.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
      say(`${name} keeps its old code: ${(error as Error).message}`);
    }
  };

  let last = Promise.resolve();
  return () => {
    last = last.then(async () => {
      await Promise.all(functions.map(update));
    });
    return last;
  };
}
