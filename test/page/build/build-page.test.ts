import { createHash } from 'node:crypto';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { buildPage } from '../../../page/build/build-page.ts';

const { html, encoded, headers } = await buildPage();
const text = html.toString();
const policy = Object.fromEntries(
  (headers['Content-Security-Policy'] ?? '').split('; ').map((directive) => {
    const [name = '', ...values] = directive.split(' ');
    return [name, values.join(' ')];
  }),
);

describe('the page', () => {
  test('takes 60 kB at most in every compression', () => {
    for (const bytes of Object.values(encoded)) expect(bytes.length).toBeLessThanOrEqual(60_000);
  });

  test('is the same document in every compression', () => {
    expect(gunzipSync(encoded.gzip).equals(html)).toBe(true);
    expect(brotliDecompressSync(encoded.br).equals(html)).toBe(true);
    expect(zstdDecompressSync(encoded.zstd).equals(html)).toBe(true);
  });

  test('has one script and one style in it, and asks for nothing else', () => {
    expect(text.match(/<script/g)).toHaveLength(1);
    expect(text.match(/<style/g)).toHaveLength(1);
    expect(text).not.toMatch(/<(script|img|link|iframe)[^>]*\s(src|href)=/);
    expect(text).not.toMatch(/\son\w+=["']/);
  });

  test('never makes HTML of a text, and runs no text as a script', () => {
    const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? '';
    expect(script).not.toMatch(/insertAdjacentHTML|outerHTML|document\.write|\beval\(|new Function\(/);
    // preact alone names it, for a property that the page does not use
    expect(text.match(/dangerouslySetInnerHTML/g)?.length ?? 0).toBeLessThanOrEqual(8);
  });

  test('has the licences of the packages whose code is in it', () => {
    const [, licences = ''] = /<!--\n([\s\S]*)-->/.exec(text) ?? [];
    for (const name of ['preact', '@preact/signals', '@preact/signals-core', '@tanstack/virtual-core'])
      expect(licences).toContain(`${name}\n\n`);
    expect(licences.match(/The above copyright notice and this permission notice/g)).toHaveLength(4);
  });

  test('is built the same way each time', async () => {
    expect((await buildPage()).html.equals(html)).toBe(true);
  });
});

describe('the policy', () => {
  const hashOf = (element: string): string => {
    const [, content = ''] = new RegExp(`<${element}>([\\s\\S]*)</${element}>`).exec(text) ?? [];
    return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
  };

  test('allows the script and the style of the page by their hashes, its worker, and requests to its own host', () => {
    expect(policy).toEqual({
      'default-src': "'none'",
      'script-src': hashOf('script'),
      'style-src': hashOf('style'),
      'connect-src': "'self'",
      'worker-src': 'blob:',
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'none'",
      'require-trusted-types-for': "'script'",
      'trusted-types': 'security-logs-worker',
    });
  });

  test('stands beside headers that give nothing away', () => {
    expect(headers).toMatchObject({
      'Content-Type': 'text/html; charset=utf-8',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    });
  });
});
