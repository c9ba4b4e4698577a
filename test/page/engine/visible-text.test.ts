import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from '../../../page/engine/visible-text.ts';

test.each([
  ['plain text, é, 日本', [['plain text, é, 日本', 'plain']]],
  [
    'gpj.\u202Eexe',
    [
      ['gpj.', 'plain'],
      ['U+202E', 'hidden'],
      ['exe', 'plain'],
    ],
  ],
  [
    'a\u200Bb',
    [
      ['a', 'plain'],
      ['U+200B', 'hidden'],
      ['b', 'plain'],
    ],
  ],
  [
    '\u0000\t\n',
    [
      ['U+0000', 'hidden'],
      ['U+0009', 'hidden'],
      ['U+000A', 'hidden'],
    ],
  ],
  ['\u{E0041}', [['U+E0041', 'hidden']]],
  // The first letter is Cyrillic.
  [
    '\u0430pple pie',
    [
      ['\u0430pple', 'mixed'],
      [' pie', 'plain'],
    ],
  ],
  ['яблоко apple', [['яблоко apple', 'plain']]],
  [
    'ok\uFE0F\u3164',
    [
      ['ok', 'plain'],
      ['U+FE0F', 'hidden'],
      ['U+3164', 'hidden'],
    ],
  ],
  ['', []],
])('%j', (value, pieces) => {
  expect(visibleText(value).map(({ text, kind }) => [text, kind])).toEqual(pieces);
});

test('a value is shown whole, and never with a sign that turns the direction round', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const shown = visibleText(value);
      const plain = shown.filter(({ kind }) => kind !== 'hidden').map(({ text }) => text);
      expect(plain.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      const hidden = shown.filter(({ kind }) => kind === 'hidden').length;
      expect(Array.from(plain.join('')).length + hidden).toBe(Array.from(value).length);
    }),
  );
});
