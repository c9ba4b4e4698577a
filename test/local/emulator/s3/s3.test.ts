import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type AwsFixture, startAwsFixture } from '../../fixtures/aws-fixture.ts';

let stack: AwsFixture;
let s3: S3Client;
beforeAll(async () => {
  stack = await startAwsFixture();
  s3 = new S3Client(stack.client);
});
afterAll(async () => {
  s3.destroy();
  await stack.close();
});

const put = (Bucket: string, Key: string, Body: PutObjectCommandInput['Body'] = '{}', more = {}, to = s3) =>
  to.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = async (Bucket: string, Key: string, from = s3) => {
  const { Body, ...rest } = await from.send(new GetObjectCommand({ Bucket, Key }));
  return { ...rest, text: await Body?.transformToString() };
};

describe('an object', () => {
  test('comes back as it was put, with what was said of it', async () => {
    const said = {
      ContentType: 'application/json',
      ContentDisposition: 'attachment; filename="a.json"',
      ContentEncoding: 'identity',
      Metadata: { note: 'x' },
    };
    const { ETag } = await put('bucket', 'a/b c/ü+%&?.json', '{"a":"ü"}', said);
    const found = await get('bucket', 'a/b c/ü+%&?.json');
    expect(found).toMatchObject({ ...said, text: '{"a":"ü"}', ContentLength: 10, ETag });
    expect(found.LastModified?.getTime()).toBeGreaterThan(Date.now() - 10_000);
  });

  test.each(['CRC32', 'SHA1', 'SHA256', 'CRC32C'] as const)(
    'may have a checksum of the kind %s',
    async (kind) => {
      await put('bucket', kind, 'x', { ChecksumAlgorithm: kind });
      expect(await get('bucket', kind)).toMatchObject({ text: 'x', [`Checksum${kind}`]: expect.any(String) });
    },
  );

  test('is written where the owner of the bucket is the expected one, and refused where it is not', async () => {
    await put('bucket', 'owned', 'x', { ExpectedBucketOwner: '000000000000' });
    expect((await get('bucket', 'owned')).text).toBe('x');
    await expect(
      put('bucket', 'foreign', 'x', { ExpectedBucketOwner: '111111111111' }),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  test('is written once with If-None-Match, however many try at the same time', async () => {
    const tries = Array.from({ length: 8 }, (_, i) => put('bucket', 'once', String(i), { IfNoneMatch: '*' }));
    const outcomes = await Promise.allSettled(tries);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(7);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
    }
    const { text } = await get('bucket', 'once');
    expect(text).toBe(String(outcomes.findIndex(({ status }) => status === 'fulfilled')));
    await put('bucket', 'once', 'over');
    expect((await get('bucket', 'once')).text).toBe('over');
  });

  test('that is not there is NoSuchKey', async () => {
    await expect(get('bucket', 'nothing')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  test('cannot be copied, or streamed: what is unknown is an error by name', async () => {
    const copy = s3.send(new CopyObjectCommand({ Bucket: 'bucket', Key: 'x', CopySource: 'bucket/once' }));
    await expect(copy).rejects.toMatchObject({ name: 'NotImplemented' });
    const streamed = put('bucket', 'stream', Readable.from([Buffer.from('a')]), { ContentLength: 1 });
    await expect(streamed).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('a listing', () => {
  test('is in the order of the bytes of the keys, page by page', async () => {
    const keys = ['p/a', 'p/B', 'p/é', 'p/z', 'p/\u{1f600}', 'q', 'p'];
    for (const key of keys) await put('listed', key);
    const found: (string | undefined)[] = [];
    const pages = paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket: 'listed', Prefix: 'p/' });
    for await (const { Contents = [] } of pages) found.push(...Contents.map(({ Key }) => Key));
    expect(found).toEqual(['p/B', 'p/a', 'p/z', 'p/é', 'p/\u{1f600}']);
  });

  test('escapes what XML does not allow in a key', async () => {
    await put('escaped', '<&"\u0001');
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'escaped' }));
    expect(Contents).toMatchObject([{ Key: '<&"\u0001', Size: 2, ETag: expect.any(String) }]);
  });

  test.each([['Delimiter'], ['StartAfter'], ['EncodingType']])('refuses %s by name', async (parameter) => {
    const list = s3.send(new ListObjectsV2Command({ Bucket: 'listed', [parameter]: 'url' }));
    await expect(list).rejects.toMatchObject({ name: 'NotImplemented' });
  });

  test('of a bucket that was never written to is empty', async () => {
    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket: 'never' }));
    expect(KeyCount).toBe(0);
  });
});

test('what is kept in a folder is there after a restart', async () => {
  const data = await mkdtemp(join(tmpdir(), 'objects-'));
  onTestFinished(() => rm(data, { recursive: true }));
  const run = async (use: (client: S3Client) => Promise<void>) => {
    const stack = await startAwsFixture({ data });
    const client = new S3Client(stack.client);
    await use(client);
    client.destroy();
    await stack.close();
  };
  await run(async (client) => {
    await put('kept', 'logs/2026/a b.json', '{"a":1}', { ContentType: 'application/json' }, client);
    await put('kept', '../..//x', 'odd', {}, client);
  });
  await run(async (client) => {
    const found = await get('kept', 'logs/2026/a b.json', client);
    expect(found).toMatchObject({ text: '{"a":1}', ContentType: 'application/json' });
    expect((await get('kept', '../..//x', client)).text).toBe('odd');
    await expect(put('kept', '../..//x', 'new', { IfNoneMatch: '*' }, client)).rejects.toMatchObject({
      name: 'PreconditionFailed',
    });
  });
});
