import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, describe, expect, test } from 'vitest';
import { keySecret } from '../../../functions/http/api-key.ts';
import type { SecretStage } from '../../../functions/http/api-key-rotation.ts';

let server: Server | undefined;
let client: SecretsManagerClient | undefined;
afterEach(async () => {
  client?.destroy();
  server?.closeAllConnections();
  if (server?.listening) await new Promise((resolve) => server?.close(resolve));
});

/** Reads the key from a Secrets Manager that gives one answer; with the status 0 it breaks the connection. */
async function read(
  status: number,
  body: object,
  stage: SecretStage = 'AWSCURRENT',
): Promise<string | undefined> {
  server = createServer((request, response) => {
    if (status === 0) return request.socket.destroy();
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
    return response.end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  client = new SecretsManagerClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return keySecret(client, 'arn')(stage);
}

describe('the API key in Secrets Manager', () => {
  test('need not have a previous version', async () => {
    const body = { __type: 'ResourceNotFoundException' };
    expect(await read(400, body, 'AWSPREVIOUS')).toBeUndefined();
  });

  test('is read', async () => {
    expect(await read(200, { SecretString: 'the key' })).toBe('the key');
  });

  test.each([
    ['fails', 500, { __type: 'InternalServiceError' }],
    ['is not there', 503, {}],
    ['throttles', 400, { __type: 'ThrottlingException' }],
    ['breaks the connection', 0, {}],
  ])('is unavailable while Secrets Manager %s', async (_, status, body) => {
    await expect(read(status, body)).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  test.each([
    ['it is not there', 400, { __type: 'ResourceNotFoundException' }, 'ResourceNotFoundException'],
    ['reading it is not allowed', 400, { __type: 'AccessDeniedException' }, 'AccessDeniedException'],
    ['it holds no text', 200, {}, 'Error'],
  ])('is a fault of ours if %s', async (_, status, body, name) => {
    await expect(read(status, body)).rejects.toMatchObject({ name });
  });
});
