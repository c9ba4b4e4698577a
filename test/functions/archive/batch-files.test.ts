import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { batchFiles } from '../../../functions/archive/batch-files.ts';
import type { BatchObject } from '../../../shared/archive/archive.ts';
import { startTestBucket, type TestBucket } from '../../fixtures/test-bucket.ts';

const STORE = { bucket: 'the-bucket', prefix: 'logs/' };
const KEY = 'arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-3333-4444-555555555555';
const NAME = 'dt=2026-11-22/hr=19/security-logs-20261122T190542316Z-0123456789abcdef.ndjson.zst';
const place = { epoch: 'e', t: 0, since: 0, positions: new Map() };

const object = (others: Partial<BatchObject['batch']> = {}, missing = 0): BatchObject => ({
  batch: {
    from: place,
    to: place,
    chosenAt: 0,
    storedAfter: 0,
    name: NAME,
    form: { format: 'published', ocsfVersion: '1.1.0', ocsfUser: 'label.rid', compression: 'zstd' },
    logs: 3,
    oldestAt: 0,
    ...others,
  },
  content: Buffer.from('the content'),
  missing,
});

const { signal } = new AbortController();
let bucket: TestBucket;
let client: S3Client;
beforeEach(async () => {
  bucket = await startTestBucket();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  client = new S3Client({
    endpoint: bucket.url,
    forcePathStyle: true,
    region: 'eu-central-1',
    credentials,
    maxAttempts: 2,
  });
});
afterEach(async () => {
  client.destroy();
  await bucket.close();
});
const put = (given: BatchObject, store: Parameters<typeof batchFiles>[0]['store'] = STORE) =>
  batchFiles({ client, store }).put(given, signal);

describe('a file', () => {
  test('is put under its name below the prefix, and says how it is compressed and how many logs it has', async () => {
    await put(object());
    const [{ key, headers, body } = {}] = bucket.puts;
    expect(key).toBe(`logs/${NAME}`);
    expect(headers).toMatchObject({
      'content-type': 'application/x-ndjson',
      'content-encoding': 'zstd',
      'if-none-match': '*',
      'x-amz-meta-logs': '3',
    });
    expect(body?.toString()).toBe('the content');
    expect(Object.keys(headers ?? {}).filter((name) => /missing|gap|owner|encryption/.test(name))).toEqual(
      [],
    );
  });

  test('says which logs are missing', async () => {
    await put(object({ gapSince: Date.UTC(2026, 10, 20) }, 2));
    expect(bucket.puts[0]?.headers).toMatchObject({
      'x-amz-meta-logs': '1',
      'x-amz-meta-missing': '2',
      'x-amz-meta-gap-since': '2026-11-20T00:00:00.000Z',
    });
  });

  test('is put for the owner and under the key of the settings', async () => {
    await put(object(), { ...STORE, bucketOwner: '111111111111', kmsKeyArn: KEY });
    expect(bucket.puts[0]?.headers).toMatchObject({
      'x-amz-expected-bucket-owner': '111111111111',
      'x-amz-server-side-encryption': 'aws:kms',
      'x-amz-server-side-encryption-aws-kms-key-id': KEY,
    });
  });

  test('that is there is left as it is', async () => {
    await put(object());
    await put({ ...object(), content: Buffer.from('other content') });
    expect(bucket.objects.get(`logs/${NAME}`)?.body.toString()).toBe('the content');
  });

  test('is put again where the answer was lost', async () => {
    bucket.order((n) => (n === 1 ? 'lose' : undefined));
    await put(object());
    expect([bucket.puts.length, bucket.objects.size]).toEqual([2, 1]);
  });

  test('is put again where S3 refused it because of another one that was put at once', async () => {
    bucket.order((n) => (n === 1 ? 409 : undefined));
    await put(object());
    expect([bucket.puts.length, bucket.objects.size]).toEqual([2, 1]);
  });

  test('that S3 does not take fails', async () => {
    bucket.order(() => 403);
    await expect(put(object())).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    bucket.order(() => 409);
    await expect(put(object())).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  });
});
