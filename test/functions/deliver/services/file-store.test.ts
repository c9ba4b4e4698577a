import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fileStoreService } from '../../../../functions/deliver/services/file-store.ts';
import type { CustomService } from '../../../../shared/settings/delivery.ts';

type FileStore = Extract<CustomService, { type: 'file-store' }>;

const BUCKET: FileStore = { type: 'file-store', bucket: 'the-bucket', prefix: 'logs/' };
const KEY = 'arn:aws:kms:eu-central-1:111111111111:key/11111111-2222-3333-4444-555555555555';

/** Delivers one log to a server that stands where S3 is, and gives the headers of the request. */
async function deliverTo(service: FileStore): Promise<IncomingHttpHeaders> {
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    received.push(request.headers);
    request.resume().on('end', () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    vi.unstubAllEnvs();
  });
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
  const delivery = { id: 'the-id', timestamp: Date.UTC(2026, 10, 21), json: '{}' } as const;
  await fileStoreService(service, 'text')(delivery as never, new AbortController().signal);
  return received[0] ?? {};
}

test('a file is put for the owner and under the key of the settings', async () => {
  const headers = await deliverTo({ ...BUCKET, bucketOwner: '111111111111', kmsKeyArn: KEY });
  expect(headers).toMatchObject({
    'x-amz-expected-bucket-owner': '111111111111',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': KEY,
  });
});

test("without them, the bucket may be anybody's, and its own encryption holds", async () => {
  const headers = await deliverTo(BUCKET);
  expect(Object.keys(headers).filter((name) => /owner|encryption/.test(name))).toEqual([]);
});
