import { OverLimit, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AwsFixture, startAwsFixture } from '../../fixtures/aws-fixture.ts';

let stack: AwsFixture;
let sqs: SQSClient;
beforeAll(async () => {
  stack = await startAwsFixture({ inFlightLimit: 1 });
  sqs = new SQSClient(stack.client);
});
afterAll(async () => {
  sqs.destroy();
  await stack.close();
});

test('with as many messages in flight as may be, a short poll is refused and a long poll finds nothing', async () => {
  const QueueUrl = stack.queues.get('queue')?.options.url;
  for (const MessageBody of ['a', 'b']) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = (WaitTimeSeconds: number) =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 }));
  expect((await receive(0)).Messages?.map(({ Body }) => Body)).toEqual(['a']);
  await expect(receive(0)).rejects.toThrow(OverLimit);
  expect((await receive(1)).Messages ?? []).toEqual([]);
});
