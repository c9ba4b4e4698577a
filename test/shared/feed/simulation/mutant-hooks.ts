import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A change of the source: what `find` is in the file becomes `replace`. */
export interface Mutation {
  /** From the root of the repository. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
}

const ROOT = new URL('../../../../', import.meta.url);

/**
 * The file's source, changed.
 *
 * @throws Error if the text to find is not there exactly once
 */
export function mutate({ file, find, replace }: Mutation): string {
  const source = readFileSync(new URL(file, ROOT), 'utf8');
  const parts = source.split(find);
  if (parts.length !== 2) throw new Error(`${file} has ${parts.length - 1} times, not once: ${find}`);
  return parts.join(replace);
}

/** From now on, this process loads the changed file instead of the file itself. */
export function loadMutated(mutation: Mutation): void {
  const changed = mutate(mutation);
  const mutated = pathToFileURL(fileURLToPath(new URL(mutation.file, ROOT))).href;
  registerHooks({
    load: (url, context, next) =>
      url === mutated
        ? { format: 'module-typescript', source: changed, shortCircuit: true }
        : next(url, context),
  });
}
