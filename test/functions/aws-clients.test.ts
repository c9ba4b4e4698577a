import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { awsClient, dynamoDbClient, eventBridgeClient, type Timeouts } from '../../functions/aws-clients.ts';

/** One attempt each, with a short time to answer; connecting to this machine is not what is waited for. */
const SHORT: Timeouts = { connectMs: 10_000, answerMs: 200 };

/** A request of each client that the functions use. */
const REQUESTS: Readonly<Record<string, () => Promise<unknown>>> = {
  DynamoDB: () => dynamoDbClient(1, SHORT).send(new QueryCommand({ TableName: 'logs' })),
  EventBridge: () => eventBridgeClient(1, SHORT).send(new PutEventsCommand({ Entries: [{ Detail: '{}' }] })),
  SQS: () =>
    awsClient(SQSClient, 1, SHORT).send(
      new SendMessageCommand({ QueueUrl: `${process.env['AWS_ENDPOINT_URL']}/1/queue`, MessageBody: 'body' }),
    ),
  'Secrets Manager': () =>
    awsClient(SecretsManagerClient, 1, SHORT).send(new GetSecretValueCommand({ SecretId: 'key' })),
  S3: () =>
    awsClient(S3Client, 1, SHORT).send(new PutObjectCommand({ Bucket: 'logs', Key: 'log', Body: '{}' })),
  Lambda: () =>
    awsClient(LambdaClient, 1, SHORT).send(new InvokeCommand({ FunctionName: 'fn', Payload: '{}' })),
};

const SERVICES = Object.keys(REQUESTS);

/** Stands where AWS is, takes every connection, and does with it what it is told. */
async function insteadOfAws(scheme: 'http' | 'https', take: (socket: Socket) => void): Promise<void> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    take(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    vi.unstubAllEnvs();
  });
  const { port } = server.address() as { port: number };
  vi.stubEnv('AWS_ENDPOINT_URL', `${scheme}://127.0.0.1:${port}`);
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
}

describe.each(SERVICES)('a request to %s ends with a TimeoutError', (service) => {
  const request = () => REQUESTS[service]?.();

  test('where the connection is taken and nothing ever answered', async () => {
    await insteadOfAws('http', (socket) => socket.resume());
    await expect(request()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('where the TLS handshake is never answered', async () => {
    await insteadOfAws('https', (socket) => socket.resume());
    await expect(request()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('where the body of the response stops coming', async () => {
    await insteadOfAws('http', (socket) => {
      socket.once('data', () =>
        socket.write(
          'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 99\r\n\r\n{',
        ),
      );
    });
    await expect(request()).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

test('a request that was too late is tried again where its client may try again', async () => {
  let connections = 0;
  await insteadOfAws('http', (socket) => {
    connections += 1;
    if (connections === 1) return;
    socket.once('data', () =>
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\ncontent-length: 2\r\n\r\n{}',
      ),
    );
  });
  const client = awsClient(EventBridgeClient, 2, SHORT);
  await client.send(new PutEventsCommand({ Entries: [{ Detail: '{}' }] }));
  expect(connections).toBe(2);
});

test('no function makes a client of its own, which would wait without end', () => {
  const folder = join(import.meta.dirname, '../../functions');
  const making = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .filter((file) => /new \w+Client\(/.test(readFileSync(join(folder, file), 'utf8')));
  expect(making).toEqual(['aws-clients.ts']);
});
