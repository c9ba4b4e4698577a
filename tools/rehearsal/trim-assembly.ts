import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Missing, withoutMissing } from './without-missing.ts';

/**
 * Leaves out of the template of a cloud assembly what an emulator cannot create. The CDK publishes a template under its
 * hash, so the manifests get the new hash.
 *
 * @param folder a cloud assembly with one stack
 * @returns the logical ids of what is left out, each with the reason
 */
export function trimAssembly(folder: string, missing: readonly Missing[]): ReadonlyMap<string, string> {
  const files = readdirSync(folder);
  const file = files.find((name) => name.endsWith('.template.json'));
  if (file === undefined) throw new Error(`${folder} has no template`);
  const text = readFileSync(join(folder, file), 'utf8');
  const { template, leftOut } = withoutMissing(JSON.parse(text), missing);
  const trimmed = JSON.stringify(template, null, 1);
  writeFileSync(join(folder, file), trimmed);
  for (const manifest of files.filter((name) => name === 'manifest.json' || name.endsWith('.assets.json'))) {
    const path = join(folder, manifest);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(hashOf(text), hashOf(trimmed)));
  }
  return leftOut;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
