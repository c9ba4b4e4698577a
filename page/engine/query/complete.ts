import { QUERY_FIELDS, TIME_FIELD } from './fields.ts';
import { writeValue } from './tokens.ts';

/** What is being written where the caret stands: the name of a field, or a value of one. */
export type Unfinished =
  | { readonly kind: 'field'; readonly start: number; readonly end: number; readonly prefix: string }
  | {
      readonly kind: 'value';
      readonly start: number;
      readonly end: number;
      readonly field: string;
      readonly prefix: string;
    };

/** A term up to the caret: its sign, the name of a field, and what follows the colon. */
const BEFORE_CARET = /(?:^|\s)(-?)([@\w.]*)(?:(:)("(?:[^"\\]|\\.)*|[^\s"]*))?$/;

/** @returns what can be completed at a place of a query; undefined if nothing can */
export function unfinishedAt(text: string, caret: number): Unfinished | undefined {
  const match = BEFORE_CARET.exec(text.slice(0, caret));
  if (match === null) return undefined;
  const [, , name = '', colon, value = ''] = match;
  // Within a word, what follows it would be left over.
  if (/^[^\s"]/.test(text.slice(caret))) return undefined;
  if (colon === undefined) return { kind: 'field', start: caret - name.length, end: caret, prefix: name };
  if (name === '' || name.toLowerCase() === TIME_FIELD) return undefined;
  const prefix = value.startsWith('"') ? value.slice(1).replace(/\\(.)/g, '$1') : value;
  const end = value.startsWith('"') && text[caret] === '"' ? caret + 1 : caret;
  return { kind: 'value', start: caret - value.length, end, field: name, prefix };
}

/** @returns the names of fields that begin with a text */
export const fieldsBeginningWith = (prefix: string): string[] =>
  QUERY_FIELDS.filter((field) => field.startsWith(prefix.toLowerCase()));

/**
 * @param choice the name of a field, or a value
 * @returns the query with the choice in place of what was unfinished, and where the caret stands then
 */
export function completed(
  text: string,
  unfinished: Unfinished,
  choice: string,
): { text: string; caret: number } {
  const written = unfinished.kind === 'field' ? `${choice}:` : `${writeValue(choice)} `;
  const before = text.slice(0, unfinished.start) + written;
  return { text: before + text.slice(unfinished.end).trimStart(), caret: before.length };
}
