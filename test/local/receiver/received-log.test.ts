import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { receivedObject } from '../../../local/receiver/received-log.ts';

const log = (rid: string) => JSON.stringify({ event: { action: 'OPENED' }, label: { rid } });

describe('an object that a custom service gets', () => {
  test('is one log', () => {
    expect(receivedObject('bucket', 'a/b.json', Buffer.from(log('r')))).toEqual([
      { method: 'PutObject', fileName: 's3://bucket/a/b.json', action: 'OPENED', rid: 'r' },
    ]);
  });

  test.each([
    ['gz', gzipSync],
    ['zst', zstdCompressSync],
  ])('or, in a file of many logs (%s), a line each', (ending, compress) => {
    const content = compress(Buffer.from(`${log('r')}\n${log('s')}\n`));
    expect(receivedObject('bucket', `a.ndjson.${ending}`, content).map(({ rid }) => rid)).toEqual(['r', 's']);
    expect(receivedObject('bucket', `a.ndjson.${ending}`, compress(Buffer.alloc(0)))).toEqual([]);
  });
});
