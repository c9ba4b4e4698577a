import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { feed } from '../../../functions/feed/feed.ts';
import type { HttpResponse } from '../../../functions/http/responses.ts';
import type { QueryParameters } from '../../../shared/query/read-parameters.ts';
import { CALLER } from '../../fixtures/callers.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { type FeedLog, memoryFeed } from '../../fixtures/memory-feed.ts';

/** Callers that follow the feed, in every format and encoding, get each log exactly once. */

const NOW = Date.UTC(2026, 10, 21, 9);

const DECODERS = {
  identity: (encoded: Buffer) => encoded,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
};
const FORMATS = ['application/json', 'application/x-ndjson'] as const;
const CALLERS = FORMATS.flatMap((format) =>
  (Object.keys(DECODERS) as (keyof typeof DECODERS)[]).map((encoding) => ({ format, encoding })),
);

interface Answer {
  readonly headers: HttpResponse['headers'];
  readonly numbers: readonly number[];
}

/** More requests than any of these feeds takes. */
const TOO_MANY = 100;

type Ask = (parameters: QueryParameters) => Promise<Answer>;

/** Asks for the feed, and reads the answer as its headers describe it. */
const asking =
  (logs: readonly FeedLog[], { format, encoding }: (typeof CALLERS)[number]): Ask =>
  async (parameters) => {
    const answer = feed({ readFeed: memoryFeed(logs).readFeed, askToResolve: async () => {} });
    const headers = { Accept: format, 'Accept-Encoding': encoding };
    const request = httpRequest({
      headers,
      parameters,
      now: NOW,
      domainName: 'logs.example',
      path: '/player/api/security-logs/feed',
    });
    const response = await answer(request, CALLER, new AbortController().signal);
    expect(response.headers['Content-Type']).toBe(format);
    const text = DECODERS[encoding](await buffer(response.body as Readable)).toString();
    const events =
      format === 'application/json'
        ? JSON.parse(text).events
        : text
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line));
    expect(response.headers['Number-Of-Results']).toBe(String(events.length));
    return { headers: response.headers, numbers: events.map(({ n }: { n: number }) => n) };
  };

const feeds = fc
  .array(fc.constantFrom('player', 'builder'), { maxLength: 60 })
  .map((applications) =>
    applications.map(
      (application, n): FeedLog => ({ application, storedAt: NOW + n, json: JSON.stringify({ n }) }),
    ),
  );
const appTypes = fc.constantFrom(undefined, 'player', 'builder');

/** What a caller should get in all. */
const numbersOf = (logs: readonly FeedLog[], appType: string | undefined): number[] =>
  logs.flatMap(({ application }, n) => (appType === undefined || application === appType ? [n] : []));

describe.each(CALLERS)('a caller of $format in $encoding', (caller) => {
  test('that follows Feed-Cursor gets each log once', async () => {
    await fc.assert(
      fc.asyncProperty(feeds, fc.integer({ min: 1, max: 25 }), appTypes, async (logs, limit, appType) => {
        const ask = asking(logs, caller);
        const found: number[] = [];
        let cursor = '';
        let requests = 0;
        for (let hasMore = true; hasMore; ) {
          expect(requests++).toBeLessThan(TOO_MANY);
          const { headers, numbers } = await ask({
            cursor: [cursor],
            limit: [String(limit)],
            start_time: ['19700101000000'],
            ...(appType && { app_type: [appType] }),
          });
          expect(numbers.length).toBeLessThanOrEqual(limit);
          found.push(...numbers);
          cursor = headers['Feed-Cursor'] ?? '';
          hasMore = headers['Link'] !== undefined;
        }
        expect(found).toEqual(numbersOf(logs, appType));
      }),
      { numRuns: 15 },
    );
  });

  test('that follows Link gets each log once, with the same limit and application', async () => {
    await fc.assert(
      fc.asyncProperty(feeds, fc.integer({ min: 1, max: 25 }), appTypes, async (logs, limit, appType) => {
        const ask = asking(logs, caller);
        const found: number[] = [];
        let next: QueryParameters | undefined = {
          start_time: ['19700101000000'],
          limit: [String(limit)],
          ...(appType && { app_type: [appType] }),
        };
        let requests = 0;
        while (next) {
          expect(requests++).toBeLessThan(TOO_MANY);
          const { headers, numbers }: Answer = await ask(next);
          expect(numbers.length).toBeLessThanOrEqual(limit);
          found.push(...numbers);
          const target = /^<(.+)>; rel="next"$/.exec(headers['Link'] ?? '')?.[1];
          const query = target && new URL(target).searchParams;
          next = query ? Object.fromEntries([...query].map(([name, value]) => [name, [value]])) : undefined;
        }
        expect(found).toEqual(numbersOf(logs, appType));
      }),
      { numRuns: 15 },
    );
  });
});
