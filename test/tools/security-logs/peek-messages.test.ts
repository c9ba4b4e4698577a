import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { newMessage } from '../../../local/emulator/sqs/message.ts';
import { peekMessages } from '../../../tools/security-logs/rejections/peek-messages.ts';
import { type AwsFixture, startAwsFixture } from '../../local/fixtures/aws-fixture.ts';
import { emptyQueues } from '../../local/fixtures/empty-queues.ts';

let stack: AwsFixture;
let client: SQSClient;
beforeAll(async () => {
  stack = await startAwsFixture();
  client = new SQSClient(stack.client);
});
afterEach(() => emptyQueues(stack));
afterAll(async () => {
  client.destroy();
  await stack.close();
});

const fill = async (count: number): Promise<string[]> => {
  const bodies = Array.from({ length: count }, (_, i) => String(i));
  await stack.queues.get('other')?.send(bodies.map((body) => newMessage(body)));
  return bodies;
};
const url = (): string => stack.queues.get('other')?.options.url ?? '';
async function peek(most: number): Promise<string[]> {
  const bodies: string[] = [];
  for await (const body of peekMessages(client, url(), most)) bodies.push(body);
  return bodies;
}
const allVisible = (count: number) =>
  vi.waitFor(() =>
    expect(stack.queues.get('other')?.counts()).toEqual({ visible: count, inFlight: 0, delayed: 0 }),
  );

describe('peeking', () => {
  test('gives every message once, and leaves them all visible', async () => {
    const bodies = await fill(25);
    for (let times = 0; times < 2; times += 1) {
      const read = await peek(1000);
      expect(read.toSorted()).toEqual(bodies.toSorted());
      await allVisible(25);
    }
  });

  test('reads no more than it may', async () => {
    await fill(25);
    expect(await peek(13)).toHaveLength(13);
    await allVisible(25);
  });

  test('leaves them visible also if its reader ends early or fails', async () => {
    await fill(25);
    const failing = async () => {
      for await (const _ of peekMessages(client, url(), 1000)) throw new Error('the reader fails');
    };
    await expect(failing()).rejects.toThrow('the reader fails');
    await allVisible(25);
  });

  test('ends when it is interrupted', async () => {
    await fill(25);
    const interrupt = new AbortController();
    let count = 0;
    for await (const _ of peekMessages(client, url(), 1000, interrupt.signal)) {
      count += 1;
      interrupt.abort();
    }
    expect(count).toBeLessThanOrEqual(10);
    await allVisible(25);
  });

  test('a handle that is not in flight is refused by name', async () => {
    const command = { QueueUrl: url(), ReceiptHandle: 'other', VisibilityTimeout: 0 };
    await expect(client.send(new ChangeMessageVisibilityCommand(command))).rejects.toMatchObject({
      name: 'MessageNotInflight',
    });
  });
});
