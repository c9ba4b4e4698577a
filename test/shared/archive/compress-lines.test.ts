import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compressLines } from '../../../shared/archive/compress-lines.ts';

const { signal } = new AbortController();

async function* chunksOf(chunks: readonly (readonly string[])[]): AsyncGenerator<readonly Buffer[]> {
  for (const chunk of chunks) yield chunk.map((line) => Buffer.from(line));
}

describe.each([
  ['gzip', gunzipSync],
  ['zstd', zstdDecompressSync],
] as const)('lines in %s', (compression, decompress) => {
  test('come out as they went in, and the same lines are the same bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.json(), { maxLength: 5 }), { maxLength: 5 }), async (chunks) => {
        const lines = chunks.flat();
        const whole = await compressLines(compression, chunksOf(chunks), signal);
        expect(whole.lines).toBe(lines.length);
        expect(decompress(whole.content).toString()).toBe(lines.map((line) => `${line}\n`).join(''));
        const oneByOne = await compressLines(compression, chunksOf(chunks), signal);
        expect(oneByOne.content.equals(whole.content)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test('may be many megabytes', async () => {
    const line = 'x'.repeat(1_000_000);
    const { content, lines } = await compressLines(
      compression,
      chunksOf(Array.from({ length: 30 }, () => [line])),
      signal,
    );
    expect([lines, decompress(content).length]).toEqual([30, 30 * 1_000_001]);
  });

  test('fail as a whole if they cannot be read', async () => {
    async function* broken(): AsyncGenerator<readonly Buffer[]> {
      yield [Buffer.from('{}')];
      throw new Error('the store has ended');
    }
    await expect(compressLines(compression, broken(), signal)).rejects.toThrow('the store has ended');
  });
});
