import { isDeepStrictEqual } from 'node:util';
import type { Template } from '../emulator/template/assembly.ts';

/** The code of a function is replaced while it runs, and metadata has no effect. */
const IGNORED: readonly string[] = ['Properties.Code', 'Metadata'];

/**
 * Compares two templates, but for the code of functions and metadata. Lists are compared as a whole.
 *
 * @returns a line for each change, in the order of the templates; a resource of another type is removed and added
 */
export const templateChanges = (before: Template, after: Template): string[] =>
  keysOf(before, after).flatMap((section) => {
    const [old, new_] = [treeOf(before[section]), treeOf(after[section])];
    return keysOf(old, new_).flatMap((id) => changesOf(section, id, old[id], new_[id]));
  });

function changesOf(section: string, id: string, before: unknown, after: unknown): string[] {
  const typeOf = (entry: unknown) => (section === 'Resources' ? treeOf(entry)['Type'] : section);
  const removed = before === undefined ? [] : [`removed ${id} (${typeOf(before)})`];
  const added = after === undefined ? [] : [`added   ${id} (${typeOf(after)})`];
  if (typeOf(before) !== typeOf(after) || before === undefined || after === undefined) {
    return [...removed, ...added];
  }
  return changedPaths(before, after, []).map(
    (path) => `changed ${id} (${typeOf(after)}): ${path.replace(/^Properties\./, '')}`,
  );
}

function changedPaths(before: unknown, after: unknown, path: readonly string[]): string[] {
  const name = path.join('.');
  if (IGNORED.includes(name) || isDeepStrictEqual(before, after)) return [];
  if (!isTree(before) || !isTree(after)) return [name];
  return keysOf(before, after).flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
}

type Tree = Readonly<Record<string, unknown>>;

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const treeOf = (value: unknown): Tree => (isTree(value) ? value : {});
const keysOf = (one: Tree, other: Tree): string[] => Object.keys({ ...one, ...other });
