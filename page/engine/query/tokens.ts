/** A value of a query: its text, and where it has asterisks that stand for anything. */
export interface Value {
  /** The texts between the asterisks. Without an asterisk there is one. */
  readonly parts: readonly string[];
  readonly isQuoted: boolean;
}

export interface Token {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly isExcluded: boolean;
  /** What stands before the colon, as it was written. */
  readonly name: string | undefined;
  readonly value: Value;
  /** Whether a quote was opened and not closed. */
  readonly isOpen: boolean;
}

const NAME = /^[@\w.]+/;

/**
 * Cuts the text of a query into its terms. A quoted value is taken as it is, but for `\"` and `\\`. In a value without
 * quotes an asterisk stands for anything.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (isSpace(text[at])) at += 1;
    if (at >= text.length) return tokens;
    const start = at;
    const isExcluded = text[at] === '-' && at + 1 < text.length && !isSpace(text[at + 1]);
    if (isExcluded) at += 1;
    const written = NAME.exec(text.slice(at))?.[0];
    const name = written !== undefined && text[at + written.length] === ':' ? written : undefined;
    if (name !== undefined) at += name.length + 1;
    const { value, end, isOpen } = text[at] === '"' ? quoted(text, at) : bare(text, at);
    at = end;
    tokens.push({ start, end, isExcluded, name, value, isOpen });
  }
}

const isSpace = (character: string | undefined): boolean => character !== undefined && /\s/.test(character);

function quoted(text: string, from: number): { value: Value; end: number; isOpen: boolean } {
  let content = '';
  let at = from + 1;
  for (; at < text.length && text[at] !== '"'; at++) {
    if (text[at] === '\\' && (text[at + 1] === '"' || text[at + 1] === '\\')) at += 1;
    content += text[at];
  }
  const isOpen = at >= text.length;
  return { value: { parts: [content], isQuoted: true }, end: isOpen ? at : at + 1, isOpen };
}

function bare(text: string, from: number): { value: Value; end: number; isOpen: boolean } {
  let end = from;
  while (end < text.length && !isSpace(text[end])) end += 1;
  return { value: { parts: text.slice(from, end).split('*'), isQuoted: false }, end, isOpen: false };
}

/** Whether a value can be written without quotes. */
const BARE = /^[^\s"*:-][^\s"*]*$/;

/** Writes a value so that it is read as it is. */
export const writeValue = (value: string): string =>
  BARE.test(value) ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`;
