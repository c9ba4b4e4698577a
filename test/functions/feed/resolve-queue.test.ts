import { createHash } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { resolveQueue } from '../../../functions/feed/resolve-queue.ts';
import type { SlotName } from '../../../shared/feed/feed-table.ts';

type Respond = (body: string, response: ServerResponse) => void;

/** What SQS answers: the SDK checks the hash. */
const take: Respond = (body, response) => {
  response.end(
    JSON.stringify({ MessageId: 'id', MD5OfMessageBody: createHash('md5').update(body).digest('hex') }),
  );
};

const slots = (count: number, shard = 0): SlotName[] =>
  Array.from({ length: count }, (_, i) => ({ shard, number: i + 1 }));

describe('asking to resolve slots', () => {
  let sent: string[];
  let respond: Respond;
  let now: number;
  let failures: unknown[];
  let client: SQSClient;
  let ask: (slots: readonly SlotName[]) => Promise<void>;

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { QueueUrl, MessageBody } = JSON.parse(Buffer.concat(chunks).toString());
      sent.push(`${request.headers['x-amz-target']} ${QueueUrl} ${MessageBody}`);
      respond(MessageBody, response);
    });
  });

  beforeEach(async () => {
    [sent, failures, respond, now] = [[], [], take, 0];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = new SQSClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      useQueueUrlAsEndpoint: false,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
    });
    ask = resolveQueue({
      client,
      queueUrl: 'the-queue',
      now: () => now,
      onFailure: (error) => failures.push(error),
    });
  });
  afterEach(() => {
    client.destroy();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });

  const message = (shard: number, number: number): string =>
    `AmazonSQS.SendMessage the-queue {"kind":"slot","shard":${shard},"number":${number}}`;

  test('sends a message for each', async () => {
    await ask([
      { shard: 0, number: 7 },
      { shard: 3, number: 1 },
    ]);
    expect(sent.toSorted()).toEqual([message(0, 7), message(3, 1)]);
    expect(failures).toEqual([]);
  });

  test('sends nothing if no slot stands still', async () => {
    await ask([]);
    expect(sent).toEqual([]);
  });

  test('asks for a slot once in 30 seconds', async () => {
    await ask(slots(2));
    now = 29_999;
    await ask(slots(3));
    expect(sent.toSorted()).toEqual([message(0, 1), message(0, 2), message(0, 3)]);
    now = 30_000;
    await ask(slots(3));
    expect(sent.slice(3).toSorted()).toEqual([message(0, 1), message(0, 2)]);
  });

  test('takes equal numbers of two shards for two slots', async () => {
    await ask([...slots(1, 1), ...slots(1, 2)]);
    expect(sent.toSorted()).toEqual([message(1, 1), message(2, 1)]);
  });

  test('remembers no more than a hundred slots, the last ones', async () => {
    // One after the other: each has a second of its own.
    for (const slot of slots(101)) await ask([slot]);
    await ask([
      { shard: 0, number: 1 },
      { shard: 0, number: 101 },
    ]);
    expect(sent.slice(101)).toEqual([message(0, 1)]);
  });

  test('tells of a message that could not be sent, fails nothing, and does not repeat it before its time', async () => {
    respond = (body, response) =>
      body.includes('2') ? response.writeHead(500).end('{}') : take(body, response);
    await ask(slots(3));
    expect(failures).toEqual([expect.any(Error)]);
    await ask(slots(3));
    expect(sent).toHaveLength(3);
  });

  test('waits no longer than a second for a queue that does not answer', async () => {
    respond = () => {};
    const startedAt = performance.now();
    await ask(slots(2));
    expect(performance.now() - startedAt).toBeGreaterThan(900);
    expect(failures).toEqual([
      expect.objectContaining({ name: 'TimeoutError' }),
      expect.objectContaining({ name: 'TimeoutError' }),
    ]);
  });
});
