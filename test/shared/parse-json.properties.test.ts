import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteNumbers } from '../../shared/parse-json.ts';

const digits = fc.stringMatching(/^\d{1,20}$/);
const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    digits,
    fc.option(digits),
    fc.option(fc.tuple(fc.constantFrom('e', 'E', 'e+', 'E-'), digits)),
  )
  .map(([sign, whole, fraction, exponent]) => {
    const integer = whole.replace(/^0+(?=\d)/, '');
    return `${sign}${integer}${fraction === null ? '' : `.${fraction}`}${exponent?.join('') ?? ''}`;
  });

/** JSON texts, each with the value it has when its numbers are texts. */
const { json } = fc.letrec<{ json: [string, unknown]; leaf: [string, unknown] }>((tie) => ({
  leaf: fc.oneof(
    numberText.map((text): [string, unknown] => [text, text]),
    fc.string({ unit: 'binary' }).map((text): [string, unknown] => [JSON.stringify(text), text]),
    fc.constantFrom<[string, unknown]>(['true', true], ['null', null], ['"1\\u0022,2\\\\"', '1",2\\']),
  ),
  json: fc.oneof(
    { depthSize: 'small' },
    tie('leaf'),
    fc
      .array(tie('json'), { maxLength: 4 })
      .map((items): [string, unknown] => [
        `[ ${items.map(([text]) => text).join(' ,')}]`,
        items.map(([, value]) => value),
      ]),
    fc
      .dictionary(fc.string({ unit: 'binary' }), tie('json'), { maxKeys: 4, noNullPrototype: true })
      .map((members): [string, unknown] => [
        `{${Object.entries(members)
          .map(([name, [text]]) => `${JSON.stringify(name)}:${text}`)
          .join(', ')}}`,
        Object.fromEntries(Object.entries(members).map(([name, [, value]]) => [name, value])),
      ]),
  ),
}));

describe('quoting the numbers of a JSON text', () => {
  test('makes a text with their digits of each, and changes nothing else', () => {
    fc.assert(
      fc.property(json, ([text, value]) => {
        expect(() => JSON.parse(text)).not.toThrow();
        expect(JSON.parse(quoteNumbers(text))).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});
