import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WindowFormat } from '../../../../functions/http/answer-formats/answer-format.ts';
import { WINDOW_LINES } from '../../../../functions/http/answer-formats/window-lines.ts';

const withEnd = WINDOW_LINES.withEndLine as WindowFormat;

/** JSON of any log, a line feed inside its texts included: JSON escapes it. */
const logs = fc.array(fc.record({ n: fc.integer(), text: fc.oneof(fc.string(), fc.constant('a\nb')) }));
const written = (given: readonly object[]): Buffer[] => given.map((log) => Buffer.from(JSON.stringify(log)));
const bodyOf = (format: WindowFormat, given: readonly object[], announced = given.length): Buffer =>
  Buffer.concat([...format.frame(announced, written(given))]);
const linesIn = (body: Buffer): unknown[] =>
  body
    .toString()
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));

describe('the lines of a window', () => {
  test('are exactly the logs, and without pages no header counts them', () => {
    fc.assert(
      fc.property(logs, (given) => {
        expect(linesIn(bodyOf(WINDOW_LINES, given))).toEqual(given);
      }),
    );
    expect(WINDOW_LINES.headers(3)).toEqual({ Vary: 'Accept, Accept-Encoding' });
  });

  test('end with one that counts them where it is asked for, also if there are none', () => {
    fc.assert(
      fc.property(logs, (given) => {
        expect(linesIn(bodyOf(withEnd, given))).toEqual([...given, { _end: true, count: given.length }]);
      }),
    );
    expect(bodyOf(withEnd, []).toString()).toBe('{"_end":true,"count":0}\n');
  });

  test.each([
    ['without', WINDOW_LINES],
    ['with', withEnd],
  ])(
    'have a length that is known from the logs alone, and fail where their number is wrong (%s end)',
    (_, format) => {
      fc.assert(
        fc.property(logs, fc.integer({ min: -2, max: 2 }), (given, difference) => {
          const bytes = written(given).reduce((sum, { length }) => sum + length, 0);
          expect(format.bodyLength(given.length, bytes)).toBe(bodyOf(format, given).length);
          const announced = given.length + difference;
          fc.pre(difference !== 0 && announced >= 0);
          const chunks: Buffer[] = [];
          expect(() => {
            for (const chunk of format.frame(announced, written(given))) chunks.push(chunk);
          }).toThrow('announced');
          expect(Buffer.concat(chunks).toString()).not.toContain('_end');
        }),
      );
    },
  );
});
