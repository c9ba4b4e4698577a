import type { Pattern } from './query.ts';

/** @returns whether a value matches */
export function matcher(pattern: Pattern): (value: string) => boolean {
  if (pattern.kind === 'any') return () => true;
  if (pattern.kind === 'exact') {
    const { value: wanted } = pattern;
    return (value) => value === wanted || value.toLowerCase() === wanted;
  }
  return partsMatcher(pattern.parts);
}

/** @returns whether a value has the parts anywhere, in their order */
export const textMatcher = (parts: readonly string[]): ((value: string) => boolean) =>
  partsMatcher(['', ...parts, '']);

/**
 * @param parts in lower case, with anything between them; an empty first or last part leaves that end open
 */
function partsMatcher(parts: readonly string[]): (value: string) => boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  const inner = parts.slice(1, -1).filter((part) => part !== '');
  return (given) => {
    const value = given.toLowerCase();
    if (!value.startsWith(first)) return false;
    let at = first.length;
    for (const part of inner) {
      const found = value.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return value.length - last.length >= at && value.endsWith(last);
  };
}
