import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { compressBody } from '../../../functions/http/compress-body.ts';
import type { ContentEncoding } from '../../../functions/http/negotiate-encoding.ts';
import { ONE_STREAM } from '../../fixtures/encoded-streams.ts';

const DECODERS: ReadonlyArray<[ContentEncoding, (encoded: Buffer) => Buffer]> = [
  ['identity', (encoded) => encoded],
  ['gzip', (encoded) => gunzipSync(encoded)],
  ['br', (encoded) => brotliDecompressSync(encoded)],
  ['zstd', (encoded) => zstdDecompressSync(encoded)],
];

describe.each(DECODERS)('a body compressed as %s', (encoding, decode) => {
  const chunks = Array.from({ length: 40 }, (_, i) => Buffer.from(`${String(i).repeat(20_000)},`));

  test('decodes to what it was, in one member or frame', async () => {
    const encoded = await buffer(compressBody(Readable.from(chunks, { objectMode: false }), encoding));
    expect(decode(encoded)).toEqual(Buffer.concat(chunks));
  });

  test.each([
    ['no chunk', []],
    ['an empty chunk', [Buffer.alloc(0)]],
  ])('can be empty: %s', async (_, nothing) => {
    const encoded = await buffer(compressBody(Readable.from(nothing, { objectMode: false }), encoding));
    expect(decode(encoded).length).toBe(0);
    expect(ONE_STREAM[encoding](encoded).length).toBe(0);
  });

  test('can be empty but for its frame', async () => {
    const encoded = await buffer(
      compressBody(Readable.from([Buffer.from('[]')], { objectMode: false }), encoding),
    );
    expect(decode(encoded).toString()).toBe('[]');
  });

  test('that breaks has no end that would let it decode cleanly', async () => {
    async function* breaking() {
      for (const chunk of chunks) {
        yield chunk;
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      throw new Error('the deadline');
    }
    const sent: Buffer[] = [];
    const reading = async () => {
      for await (const chunk of compressBody(Readable.from(breaking(), { objectMode: false }), encoding))
        sent.push(chunk);
    };
    await expect(reading()).rejects.toThrow('the deadline');
    expect(sent.length).toBeGreaterThan(0);
    if (encoding !== 'identity') expect(() => decode(Buffer.concat(sent))).toThrow();
  });

  test('reaches its reader while it is still being made', async () => {
    let finish = (): void => {};
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    async function* slow() {
      yield Buffer.from('the first page');
      await finished;
      yield Buffer.from('the last');
    }
    const reader = compressBody(Readable.from(slow(), { objectMode: false }), encoding)[
      Symbol.asyncIterator
    ]();
    const { value } = await reader.next();
    expect(value.length).toBeGreaterThan(0);
    finish();
    while (!(await reader.next()).done) {
      // to the end
    }
  });
});
