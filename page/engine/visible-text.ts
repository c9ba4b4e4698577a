/** A part of a value as it is shown. */
export interface TextPiece {
  readonly text: string;
  /** `hidden`: a sign that one would not see, by its number. `mixed`: a word with letters of several scripts. */
  readonly kind: 'plain' | 'hidden' | 'mixed';
}

/** Signs without a shape, and signs that turn the direction of a text round. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]|\p{Default_Ignorable_Code_Point}/u;

/** Words, and every other sign by itself. */
const PIECES = /(?:(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{M}\p{N}])+|[\s\S]/gu;

/** Scripts whose letters look alike. */
const SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u, /\p{Script=Armenian}/u];

/**
 * Makes visible what a value could hide: log values are written by others. A sign that has no shape, or that turns the
 * direction of the text round, is shown as its number. A word with letters of several alphabets is marked.
 */
export function visibleText(value: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push({ text: plain, kind: 'plain' });
    plain = '';
  };
  for (const [text] of value.matchAll(PIECES)) {
    const kind = kindOf(text);
    if (kind === 'plain') plain += text;
    else {
      flush();
      pieces.push({ text: kind === 'hidden' ? numberOf(text) : text, kind });
    }
  }
  flush();
  return pieces;
}

function kindOf(text: string): TextPiece['kind'] {
  if (HIDDEN.test(text)) return 'hidden';
  return SCRIPTS.filter((script) => script.test(text)).length > 1 ? 'mixed' : 'plain';
}

const numberOf = (text: string): string =>
  Array.from(
    text,
    (sign) => `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  ).join(' ');
