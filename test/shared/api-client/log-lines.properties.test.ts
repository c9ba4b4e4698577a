import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logLines } from '../../../shared/api-client/log-lines.ts';
import { writers } from '../../../tools/security-logs/get/writers.ts';

/** A body in chunks that end anywhere, also within a character. */
const chunked = (body: Buffer, ends: readonly number[]): Buffer[] => {
  const places = [0, ...ends.map((end) => end % (body.length + 1)), body.length].toSorted((a, b) => a - b);
  return places.slice(1).map((end, i) => body.subarray(places[i], end));
};
const logs = fc.array(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), { maxLength: 8 });
const ends = fc.array(fc.nat(), { maxLength: 12 });

const asPages = (all: readonly object[], size: number): string =>
  JSON.stringify(
    Array.from({ length: Math.ceil(all.length / size) }, (_, i) => {
      const securityLogs = all.slice(i * size, (i + 1) * size);
      return { pageNumber: i + 1, results: securityLogs.length, securityLogs };
    }),
  );
const asLines = (all: readonly object[]): string => all.map((log) => `${JSON.stringify(log)}\n`).join('');

describe('the logs of an answer, however it is cut into chunks', () => {
  test.each([
    ['application/json', asPages],
    ['application/x-ndjson', asLines],
  ] as const)('are lines: %s', (mediaType, write) => {
    fc.assert(
      fc.property(logs, fc.integer({ min: 1, max: 3 }), ends, (all, size, places) => {
        const lines = logLines(mediaType);
        const parts = chunked(Buffer.from(write(all, size)), places).map((chunk) => lines.push(chunk));
        expect(Buffer.concat(parts).toString()).toBe(asLines(all));
        expect([lines.count, lines.isWhole]).toEqual([all.length, true]);
      }),
    );
  });

  test('are not whole if the body of pages ends early', () => {
    fc.assert(
      fc.property(logs, fc.nat(), (all, end) => {
        const body = asPages(all, 2);
        const lines = logLines('application/json');
        lines.push(Buffer.from(body.slice(0, end % body.length)));
        expect(lines.isWhole).toBe(false);
      }),
    );
  });

  test('are one array in the format json', async () => {
    await fc.assert(
      fc.asyncProperty(logs, ends, async (all, places) => {
        const written: Buffer[] = [];
        const writer = writers.json(async (data) => {
          written.push(Buffer.from(data));
        });
        for (const chunk of chunked(Buffer.from(asLines(all)), places)) await writer.write(chunk);
        await writer.end();
        expect(JSON.parse(Buffer.concat(written).toString())).toEqual(JSON.parse(JSON.stringify(all)));
      }),
    );
  });
});
