import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnswerFormat } from '../../../../functions/http/answer-formats/answer-format.ts';
import { FEED_JSON, type FeedEnd } from '../../../../functions/http/answer-formats/feed-json.ts';
import { NDJSON } from '../../../../functions/http/answer-formats/ndjson.ts';

/** JSON of any log, a line feed inside its texts included: JSON escapes it. */
const logs = fc.array(
  fc.record({ n: fc.integer(), text: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constant('a\nb')) }),
  { maxLength: 40 },
);
const ends: fc.Arbitrary<FeedEnd> = fc.record({
  cursor: fc.base64String().map((text) => Buffer.from(text).toString('base64url')),
  hasMore: fc.boolean(),
  gapSince: fc.option(fc.integer({ min: 0, max: Date.UTC(9999, 0) }), { nil: undefined }),
});

const written = (given: readonly object[]): Buffer[] => given.map((log) => Buffer.from(JSON.stringify(log)));

const bodyOf = (format: AnswerFormat<FeedEnd>, given: readonly object[], end: FeedEnd): Buffer =>
  Buffer.concat([...format.frame(given.length, written(given), end)]);

/** The whole lines of a body, and whether something follows them. */
function linesOf(body: Buffer): { lines: unknown[]; isCut: boolean } {
  const parts = body.toString().split('\n');
  const rest = parts.pop();
  return { lines: parts.map((line) => JSON.parse(line)), isCut: rest !== '' };
}

describe('the JSON of the feed', () => {
  test('has exactly the logs, and says where the next answer begins and what is missing', () => {
    fc.assert(
      fc.property(logs, ends, (given, end) => {
        const { cursor, hasMore, gapSince } = end;
        const { events, ...others } = JSON.parse(bodyOf(FEED_JSON, given, end).toString());
        expect(events).toEqual(JSON.parse(JSON.stringify(given)));
        expect(others).toEqual({
          cursor,
          has_more: hasMore,
          ...(hasMore ? { next_cursor: cursor } : {}),
          ...(gapSince === undefined ? {} : { gap: true, gap_since: new Date(gapSince).toISOString() }),
        });
      }),
    );
  });

  test('cannot be read when it was cut, wherever that was', () => {
    fc.assert(
      fc.property(
        logs,
        ends,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (given, end, share) => {
          const body = bodyOf(FEED_JSON, given, end);
          expect(() => JSON.parse(body.subarray(0, Math.floor(share * body.length)).toString())).toThrow();
        },
      ),
    );
  });
});

describe('the lines of the feed', () => {
  test('are exactly the logs, one a line, each with its end', () => {
    fc.assert(
      fc.property(logs, ends, (given, end) => {
        expect(linesOf(bodyOf(NDJSON, given, end))).toEqual({
          lines: JSON.parse(JSON.stringify(given)),
          isCut: false,
        });
      }),
    );
  });

  test('are fewer when the body was cut, wherever that was', () => {
    fc.assert(
      fc.property(
        logs,
        ends,
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (given, end, share) => {
          fc.pre(given.length > 0);
          const body = bodyOf(NDJSON, given, end);
          const { lines } = linesOf(body.subarray(0, Math.floor(share * body.length)));
          expect(lines.length).toBeLessThan(given.length);
          expect(lines).toEqual(JSON.parse(JSON.stringify(given.slice(0, lines.length))));
        },
      ),
    );
  });
});

describe.each([
  ['JSON', FEED_JSON],
  ['lines', NDJSON],
] as const)('a body of the feed as %s', (_, format) => {
  test('fails before its end if there are more or fewer logs than announced', () => {
    fc.assert(
      fc.property(logs, ends, fc.integer({ min: -3, max: 3 }), (given, end, difference) => {
        const announced = given.length + difference;
        fc.pre(difference !== 0 && announced >= 0);
        const chunks: Buffer[] = [];
        expect(() => {
          for (const chunk of format.frame(announced, written(given), end)) chunks.push(chunk);
        }).toThrow('announced');
        expect(() => JSON.parse(Buffer.concat(chunks).toString())).toThrow();
      }),
    );
  });
});
