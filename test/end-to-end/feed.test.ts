import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { API_KEY, type RunningStack, startRunningStack } from './running-stack.ts';

/** The feed through the whole stack (docs/contract.md#the-feed). */

let stack: RunningStack;
let feedUrl: string;
beforeAll(async () => {
  stack = await startRunningStack();
  feedUrl = stack.url.replace('get-security-logs', 'security-logs/feed');
});
afterAll(() => stack.close());

interface FeedBody {
  readonly events: { readonly event: { readonly id: string; readonly created: string } }[];
  readonly cursor: string;
  readonly has_more: boolean;
  readonly next_cursor?: string;
}

const ask = (parameters: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${feedUrl}?${new URLSearchParams(parameters)}`, { headers: { apiKey: API_KEY, ...headers } });

/** Follows the feed until the answer says that there is no more. */
async function follow(cursor: string): Promise<{ ids: string[]; cursor: string }> {
  const ids: string[] = [];
  for (let next = cursor; ; ) {
    const response = await ask({ cursor: next, limit: '2' });
    expect(response.status).toBe(200);
    const { events, ...body } = (await response.json()) as FeedBody;
    ids.push(...events.map(({ event }) => event.id));
    expect(response.headers.get('Number-Of-Results')).toBe(String(events.length));
    next = body.cursor;
    if (!body.has_more) return { ids, cursor: next };
  }
}

const published = (id: string) => ({ '@timestamp': '2026-11-21T09:00:00Z', event: { action: 'OPENED', id } });

describe('the feed', () => {
  test('gives each log once, to who follows its cursor', async () => {
    const found: string[] = [];
    let cursor = '';
    const followUntil = (count: number) =>
      vi.waitFor(
        async () => {
          const answer = await follow(cursor);
          found.push(...answer.ids);
          cursor = answer.cursor;
          expect(found.length).toBeGreaterThanOrEqual(count);
        },
        { timeout: 20_000, interval: 100 },
      );
    await stack.publishDetails(['a', 'b', 'c', 'd', 'e'].map(published));
    await followUntil(5);
    await stack.publishDetails(['f', 'a', 'g'].map(published));
    await followUntil(7);
    expect(found.toSorted()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  });

  test('gives a log a line, and the way on in a header that does not come from Host', async () => {
    const response = await new Promise<{ headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const headers = { apiKey: API_KEY, Accept: 'application/x-ndjson', Host: 'other.example' };
        request(`${feedUrl}?limit=3&start_time=20200101000000`, { headers }, async (answer) =>
          resolve({ headers: answer.headers, body: await text(answer) }),
        )
          .on('error', reject)
          .end();
      },
    );
    expect(response.body.match(/\n/g)).toHaveLength(3);
    const link = String(response.headers['link']);
    expect(link).toBe(`<${feedUrl}?cursor=${response.headers['feed-cursor']}&limit=3>; rel="next"`);
    const next = await fetch(link.slice(1, link.indexOf('>')), { headers: { apiKey: API_KEY } });
    expect(((await next.json()) as FeedBody).events).toHaveLength(3);
  });

  test('from now on has only what comes later', async () => {
    const { cursor, events } = (await (await ask({ start_time: 'now' })).json()) as FeedBody;
    expect(events).toEqual([]);
    await stack.publishDetails([published('h')]);
    await vi.waitFor(async () => expect((await follow(cursor)).ids).toEqual(['h']), {
      timeout: 20_000,
      interval: 100,
    });
  });

  test('answers in every encoding, also when nothing is new', async () => {
    const { cursor } = await follow('');
    for (const encoding of ['identity', 'gzip', 'br', 'zstd'])
      for (const Accept of ['application/json', 'application/x-ndjson']) {
        const response = await ask({ cursor }, { Accept, 'Accept-Encoding': encoding });
        const body = await response.text();
        expect([response.status, response.headers.get('content-encoding') ?? 'identity']).toEqual([
          200,
          encoding,
        ]);
        expect(
          Accept.endsWith('json') && !Accept.endsWith('ndjson') ? JSON.parse(body).events : body,
        ).toHaveLength(0);
      }
  });

  test('refuses a damaged cursor, a wrong limit, a wrong key and another method', async () => {
    const codeOf = async (response: Response) => [
      response.status,
      ((await response.json()) as { error: { code: string } }).error.code,
    ];
    expect(await codeOf(await ask({ cursor: 'x' }))).toEqual([400, 'invalid_cursor']);
    expect(await codeOf(await ask({ limit: '0' }))).toEqual([400, 'invalid_limit']);
    expect(await codeOf(await ask({ limit: '0' }, { apiKey: 'wrong' }))).toEqual([401, 'unauthorized']);
    const post = await fetch(feedUrl, { method: 'POST', headers: { apiKey: API_KEY } });
    expect(await codeOf(post)).toEqual([405, 'method_not_allowed']);
  });
});
