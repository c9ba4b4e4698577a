import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type ContentEncoding, negotiateEncoding } from '../../../functions/http/content-encoding.ts';
import { encodeBody } from '../../../functions/http/encode-body.ts';

const DECODERS: ReadonlyArray<[ContentEncoding, (encoded: Buffer) => Buffer]> = [
  ['identity', (encoded) => encoded],
  ['gzip', (encoded) => gunzipSync(encoded)],
  ['br', (encoded) => brotliDecompressSync(encoded)],
  ['zstd', (encoded) => zstdDecompressSync(encoded)],
];

describe('the negotiation of an encoding', () => {
  test.each([
    [undefined, 'identity'],
    ['', 'identity'],
    ['identity', 'identity'],
    ['gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['*', 'zstd'],
    ['zstd;q=0.1, gzip', 'gzip'],
    ['zstd;q=0, *;q=0.5', 'br'],
    ['identity;q=0.5, gzip;q=0.4', 'identity'],
    ['identity;q=0, gzip;q=0.1', 'gzip'],
    ['gzip;q=0', 'identity'],
    ['deflate, compress', 'identity'],
    [';;,q=', 'identity'],
  ])('%j gives %s', (header, encoding) => {
    expect(negotiateEncoding(header)).toBe(encoding);
  });

  test.each(['identity;q=0', '*;q=0', 'deflate, identity;q=0'])('%j leaves nothing: 406', (header) => {
    expect(() => negotiateEncoding(header)).toThrow(
      expect.objectContaining({
        status: 406,
        code: 'no_acceptable_encoding',
        message: expect.stringContaining('accepted: zstd, br, gzip, identity'),
      }),
    );
  });
});

describe.each(DECODERS)('a body encoded as %s', (encoding, decode) => {
  const chunks = Array.from({ length: 40 }, (_, i) => Buffer.from(`${String(i).repeat(20_000)},`));

  test('decodes to what it was, in one member or frame', async () => {
    const encoded = await buffer(encodeBody(Readable.from(chunks, { objectMode: false }), encoding));
    expect(decode(encoded)).toEqual(Buffer.concat(chunks));
  });

  test('can be empty but for its frame', async () => {
    const encoded = await buffer(
      encodeBody(Readable.from([Buffer.from('[]')], { objectMode: false }), encoding),
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
      for await (const chunk of encodeBody(Readable.from(breaking(), { objectMode: false }), encoding))
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
    const reader = encodeBody(Readable.from(slow(), { objectMode: false }), encoding)[Symbol.asyncIterator]();
    const { value } = await reader.next();
    expect(value.length).toBeGreaterThan(0);
    finish();
    while (!(await reader.next()).done) {
      // to the end
    }
  });
});
