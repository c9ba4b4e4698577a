import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readPageFiles } from '../../../functions/page/page-files.ts';
import { startChild } from '../../../local/emulator/process/child-process.ts';
import { HttpError } from '../../../shared/http-errors.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { invokeStreaming } from '../../fixtures/streamed-answers.ts';

// They make a handler, for which the runtime has to be there.
const { page } = await import('../../../functions/page/page.ts');
const { publicHandler } = await import('../../../functions/http/reading-handler.ts');
const { requestReport } = await import('../../../functions/http/request-report.ts');
const { VARY } = await import('../../../functions/http/responses.ts');

let folder = '';
let html = Buffer.alloc(0);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-test-'));
  const build = startChild({
    entry: 'page/build/build.ts',
    arguments: [folder],
    environment: process.env,
    folder: fileURLToPath(new URL('../../..', import.meta.url)),
  });
  expect(await build.exited).toBe('exit status 0');
  html = await readFile(join(folder, 'page.html'));
});
afterAll(() => rm(folder, { recursive: true }));

const ask = (headers: Record<string, string> = {}, method = 'GET') =>
  page(readPageFiles(folder))(httpRequest({ method, headers, parameters: { any: ['x'] }, now: 0 }));

async function bodyOf(body: Awaited<ReturnType<typeof ask>>['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('the page', () => {
  test.each([
    ['zstd', zstdDecompressSync],
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('comes in %s to whoever accepts it', async (encoding, decode) => {
    const { statusCode, headers, body } = await ask({ 'Accept-Encoding': encoding });
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({ 'Content-Encoding': encoding, Vary: 'Accept-Encoding' });
    expect(decode(await bodyOf(body)).equals(html)).toBe(true);
  });

  test('comes as it is to whoever accepts nothing else', async () => {
    const { headers, body } = await ask();
    expect(headers).not.toHaveProperty('Content-Encoding');
    expect((await bodyOf(body)).equals(html)).toBe(true);
  });

  test('is refused to whoever accepts none of its encodings', async () => {
    await expect(ask({ 'Accept-Encoding': 'compress, identity;q=0' })).rejects.toThrow(HttpError);
  });

  test('comes with headers that let it do only what it has to', async () => {
    const { headers } = await ask();
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
    const [, script = ''] = /<script>([\s\S]*)<\/script>/.exec(html.toString()) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    const policy = headers['Content-Security-Policy'] ?? '';
    expect(policy).toContain(`script-src 'sha256-${hash}';`);
    expect(policy.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        'trusted-types security-logs-worker',
      ]),
    );
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe('the handler', () => {
  const lines: Record<string, unknown>[] = [];
  const metrics: string[] = [];
  beforeEach(() => {
    lines.length = 0;
    metrics.length = 0;
  });
  const handler = () =>
    publicHandler({
      report: requestReport(
        { addContext: () => {}, info: (_: string, facts: object) => lines.push({ ...facts }) } as never,
        { addMetric: (name: string) => metrics.push(name), publishStoredMetrics: () => {} } as never,
        VARY.byEncoding,
      ),
      answer: page(readPageFiles(folder)),
    });
  const invoke = (httpMethod: string) => invokeStreaming(handler(), { httpMethod, headers: {} });

  test('answers without a key, and logs the request without counting logs', async () => {
    const { statusCode, body } = await invoke('GET');
    expect({ statusCode, body: Buffer.from(body).equals(html) }).toEqual({ statusCode: 200, body: true });
    expect(lines).toMatchObject([{ status: 200, bytes: html.length, outcome: 'complete' }]);
    expect(lines[0]).not.toHaveProperty('results');
    expect(metrics).toEqual(['Status200']);
  });

  test('answers HEAD without a body, and refuses other methods', async () => {
    expect(await invoke('HEAD')).toMatchObject({ statusCode: 200, body: '' });
    const refused = await invoke('POST');
    expect(refused).toMatchObject({ statusCode: 405, headers: { Allow: 'GET, HEAD' } });
    expect(JSON.parse(refused.body).error.code).toBe('method_not_allowed');
  });
});
