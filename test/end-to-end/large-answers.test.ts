import { type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseQueryTime } from '../../shared/query/time-window.ts';
import { producerDetail, takeSyntheticLogs } from '../../tools/synthetic-logs/synthetic-logs.ts';
import { withVariables } from './changed-template.ts';
import { API_KEY, between, type Page, type RunningStack, startRunningStack } from './running-stack.ts';

const COUNT = 25_000;
const START = Date.UTC(2026, 10, 20, 9);
const logs = takeSyntheticLogs(COUNT, { seed: 7, start: START });
const END = Math.ceil(Date.parse(logs.at(-1)?.['@timestamp'] ?? '') / 1000 + 1) * 1000;
const expected = logs.map((log) => JSON.stringify(log)).sort();
/** Bytes of the whole answer, at the least. */
const BYTES = expected.reduce((sum, log) => sum + log.length, 0);
/** A response timeout in which Lambda streams nine tenths of the answer: 6 MB, and 2 MB a second after that. Milliseconds. */
const TOO_SHORT = String(Math.floor(1_000 + (0.9 * BYTES - 6_000_000) / 2_000));

let stack: RunningStack;
const warnings: string[] = [];
beforeAll(async () => {
  const log = { progress: () => {}, warn: (line: string) => warnings.push(line), detail: () => {} };
  stack = await startRunningStack({ log });
  await stack.publish(logs.map((log, i) => ({ Detail: producerDetail(log, `log-${i}`) })));
  const last = between(END - 3000, END);
  await stack.askUntil(last, 1);
  await stack.askUntil(between(START, END), COUNT);
}, 240_000);
afterAll(() => stack.close());

/** The answer as it comes over the wire. */
const rawAnswer = (encoding: string) =>
  new Promise<{ headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
    const url = `${stack.url}?${new URLSearchParams(between(START, END))}`;
    request(url, { headers: { apiKey: API_KEY, 'accept-encoding': encoding } }, (response) => {
      buffer(response).then((body) => resolve({ headers: response.headers, body }), reject);
    })
      .on('error', reject)
      .end();
  });

describe(`${COUNT} logs`, () => {
  test('come back in one answer of three pages: each once, in order, and as many as the headers say', async () => {
    const { headers, body, logs: found } = await stack.ask(between(START, END));
    expect([headers.get('number-of-pages'), headers.get('number-of-results')]).toEqual(['3', String(COUNT)]);
    expect(body.map((page: Page) => [page.pageNumber, page.results, page.securityLogs.length])).toEqual([
      [1, 10_000, 10_000],
      [2, 10_000, 10_000],
      [3, 5_000, 5_000],
    ]);
    const times = found.map((log) => log['@timestamp']);
    expect(times).toEqual(times.toSorted());
    expect(found.map((log) => JSON.stringify(log)).sort()).toEqual(expected);
  });

  test('that are too many for the time there is: a 408 before the first byte, and next_end_time leads to all', async () => {
    const hurried = await startRunningStack({
      storeUrl: stack.storeUrl,
      patchTemplate: withVariables({ RESPONSE_TIMEOUT_MS: '12000' }),
    });
    try {
      const found: string[] = [];
      let cuts = 0;
      for (let from = START, until = END; from < END; ) {
        const { status, body, logs: part } = await hurried.ask(between(from, until));
        if (status === 200) {
          found.push(...part.map((log) => JSON.stringify(log)));
          [from, until] = [until, END];
        } else {
          expect([status, body.error.code]).toEqual([408, 'window_too_large']);
          cuts += 1;
          const next = parseQueryTime(body.error.next_end_time) ?? 0;
          expect(next).toBeGreaterThan(from);
          expect(next).toBeLessThan(until);
          until = next;
        }
      }
      expect(cuts).toBeGreaterThan(0);
      expect(found.sort()).toEqual(expected);
    } finally {
      await hurried.close();
    }
  });

  test.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
    ['zstd', zstdDecompressSync],
  ])('come back as %s, whole and in one piece, in a fraction of the bytes', async (encoding, decode) => {
    const { headers, body } = await rawAnswer(encoding);
    expect(headers['content-encoding']).toBe(encoding);
    expect(headers['vary']).toBe('Accept-Encoding');
    expect(headers['number-of-results']).toBe(String(COUNT));
    const pages: Page[] = JSON.parse(decode(body).toString());
    const found = pages.flatMap((page) => page.securityLogs.map((log) => JSON.stringify(log)));
    expect(found.sort()).toEqual(expected);
    expect(body.length).toBeLessThan(expected.join().length / 5);
  });

  test('that are too many as they are can be few enough when they are compressed', async () => {
    const hurried = await startRunningStack({
      storeUrl: stack.storeUrl,
      patchTemplate: withVariables({ RESPONSE_TIMEOUT_MS: TOO_SHORT }),
    });
    try {
      const statusOf = async (encoding: string): Promise<number> => {
        const answer = await fetch(`${hurried.url}?${new URLSearchParams(between(START, END))}`, {
          headers: { apiKey: API_KEY, 'accept-encoding': encoding },
        });
        await answer.arrayBuffer();
        return answer.status;
      };
      expect(await statusOf('zstd')).toBe(200);
      expect(await statusOf('identity')).toBe(408);
    } finally {
      await hurried.close();
    }
  });

  test('asked for by a client that hangs up are sent no further, and do not disturb the next', async () => {
    // The function itself says so, once its stream is broken; and the polls before this test hung up, too.
    const cuts = (): string[] => warnings.filter((line) => line.includes('answer cut'));
    const earlier = cuts().length;
    const { start_time, end_time } = between(START, END);
    for (let i = 0; i < 5; i++) {
      await new Promise<void>((resolve, reject) => {
        const url = `${stack.url}?start_time=${start_time}&end_time=${end_time}`;
        const asking = request(url, { headers: { apiKey: API_KEY } }, (response) => {
          response.once('data', () => asking.destroy());
          response.on('error', () => {});
        });
        asking.on('close', resolve).on('error', reject).end();
      }).catch(() => {});
    }
    await vi.waitFor(() => expect(cuts().length).toBe(earlier + 5), { timeout: 30_000 });
    const pids = stack.functionProcesses().map(({ pid }) => pid);
    const { status, logs: found } = await stack.ask(between(START, END));
    expect([status, found.length]).toEqual([200, COUNT]);
    expect(stack.functionProcesses().map(({ pid }) => pid)).toEqual(expect.arrayContaining(pids));
  });
});
