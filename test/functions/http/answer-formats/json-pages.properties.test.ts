import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JSON_PAGES, pageCount } from '../../../../functions/http/answer-formats/json-pages.ts';
import { PAGE_SIZE } from '../../../../shared/query/pages.ts';

/** `count` documents that tell their position. */
const numbered = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`{"n":${i}}`));

const body = (results: number, documents: Iterable<Buffer>): Buffer =>
  Buffer.concat([...JSON_PAGES.frame(results, documents)]);

/** Counts around the sizes at which a page fills. */
const counts = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.constantFrom(PAGE_SIZE - 1, PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE, 2 * PAGE_SIZE + 7),
);

describe('the framing of an answer', () => {
  test('pages concatenate to the window exactly once, in order, and are full but for the last', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const pages = JSON.parse(body(count, numbered(count)).toString());
        expect(pages.flatMap((page: { securityLogs: unknown[] }) => page.securityLogs)).toEqual(
          numbered(count).map((document) => JSON.parse(document.toString())),
        );
        pages.forEach((page: { pageNumber: number; results: number; securityLogs: unknown[] }, i: number) => {
          const full = i < pages.length - 1;
          expect(page.pageNumber).toBe(i + 1);
          expect(page.results).toBe(page.securityLogs.length);
          if (full) expect(page.results).toBe(PAGE_SIZE);
        });
        expect(pages.length).toBe(pageCount(count));
      }),
      { numRuns: 60 },
    );
  });

  test('the length of an answer is known from its documents alone', () => {
    fc.assert(
      fc.property(counts, (count) => {
        const documents = numbered(count);
        const documentBytes = documents.reduce((sum, document) => sum + document.length, 0);
        expect(JSON_PAGES.bodyLength(count, documentBytes)).toBe(body(count, documents).length);
      }),
      { numRuns: 60 },
    );
  });

  test('an answer with more or fewer logs than announced fails before it is closed', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 3 }), fc.boolean(), (count, difference, more) => {
        const announced = more ? count + difference : Math.max(0, count - difference);
        fc.pre(announced !== count);
        const chunks: Buffer[] = [];
        expect(() => {
          for (const chunk of JSON_PAGES.frame(announced, numbered(count))) chunks.push(chunk);
        }).toThrow('announced');
        expect(() => JSON.parse(Buffer.concat(chunks).toString())).toThrow();
      }),
      { numRuns: 60 },
    );
  });

  test('no logs are an empty array', () => {
    expect(body(0, []).toString()).toBe('[]');
  });
});
