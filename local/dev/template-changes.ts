import { isDeepStrictEqual } from 'node:util';
import type { Template } from '../emulator/template/assembly.ts';

/** A difference between two templates. */
export interface TemplateChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The logical id of a resource, or the name of an entry of another section. */
  readonly id: string;
  /** The type of a resource, or the name of another section, such as `Outputs`. */
  readonly type: string;
  /** The path of the property that has changed, with dots. */
  readonly property?: string;
}

/** The code of a function is replaced while it runs, and metadata has no effect. */
const IGNORED: readonly string[] = ['Properties.Code', 'Metadata'];

/**
 * Compares two templates, but for the code of functions and metadata. Lists are compared as a whole.
 *
 * @returns the changes in the order of the templates; a resource whose type has changed is removed and added
 */
export function templateChanges(before: Template, after: Template): TemplateChange[] {
  const sections = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...sections].flatMap((section) => {
    const [old, new_] = [entriesOf(before, section), entriesOf(after, section)];
    const ids = new Set([...Object.keys(old), ...Object.keys(new_)]);
    return [...ids].flatMap((id) => changesOf(section, id, old[id], new_[id]));
  });
}

/** One line for a person. */
export const describeChange = ({ kind, id, type, property }: TemplateChange): string =>
  `${kind.padEnd(7)} ${id} (${type})${property === undefined ? '' : `: ${property}`}`;

type Tree = Readonly<Record<string, unknown>>;

function entriesOf(template: Template, section: string): Tree {
  const entries = template[section];
  return isTree(entries) ? entries : {};
}

function changesOf(section: string, id: string, before: unknown, after: unknown): TemplateChange[] {
  const typeOf = (entry: unknown): string =>
    section === 'Resources' && isTree(entry) ? String(entry['Type']) : section;
  const removed = { kind: 'removed', id, type: typeOf(before) } as const;
  const added = { kind: 'added', id, type: typeOf(after) } as const;
  if (before === undefined) return [added];
  if (after === undefined) return [removed];
  if (removed.type !== added.type) return [removed, added];
  return changedPaths(before, after, []).map((path) => ({
    kind: 'changed',
    id,
    type: added.type,
    property: path.replace(/^Properties\./, ''),
  }));
}

function changedPaths(before: unknown, after: unknown, path: readonly string[]): string[] {
  const name = path.join('.');
  if (IGNORED.includes(name) || isDeepStrictEqual(before, after)) return [];
  if (!isTree(before) || !isTree(after)) return [name];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) => changedPaths(before[key], after[key], [...path, key]));
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
