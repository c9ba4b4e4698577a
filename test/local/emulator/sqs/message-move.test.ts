import {
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { type AwsFixture, startAwsFixture } from '../../fixtures/aws-fixture.ts';
import { emptyQueues } from '../../fixtures/empty-queues.ts';

let stack: AwsFixture;
let sqs: SQSClient;
beforeAll(async () => {
  stack = await startAwsFixture();
  sqs = new SQSClient(stack.client);
});
afterEach(() => emptyQueues(stack));
afterAll(async () => {
  sqs.destroy();
  await stack.close();
});

const queue = (name: string) => {
  const found = stack.queues.get(name);
  if (found === undefined) throw new Error(`no queue ${name}`);
  return found;
};
const arn = (name: string): string => queue(name).options.arn;
const visible = (name: string): number => queue(name).counts().visible;
/** Fills the dead-letter queue, as if a queue had given the messages up. */
const giveUp = (count: number, deadLetterSource: string | undefined = arn('queue')) =>
  queue('dead').send(
    Array.from({ length: count }, (_, i) => ({
      ...newMessage(`message ${i}`, { Reason: { DataType: 'String', StringValue: 'why' } }),
      ...(deadLetterSource !== '' && { deadLetterSource }),
    })),
  );

const start = (more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('dead'), ...more }));
const newest = async (): Promise<ListMessageMoveTasksResultEntry | undefined> =>
  (await sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arn('dead') }))).Results?.[0];
const ended = () =>
  vi.waitFor(async () => {
    const task = await newest();
    expect(task?.Status).not.toMatch(/RUNNING/);
    return task;
  });

describe('moving messages', () => {
  test('puts them back where they came from, as new messages', async () => {
    await giveUp(25);
    await start();
    expect(await ended()).toMatchObject({
      Status: 'COMPLETED',
      SourceArn: arn('dead'),
      ApproximateNumberOfMessagesMoved: 25,
      ApproximateNumberOfMessagesToMove: 25,
      StartedTimestamp: expect.closeTo(Date.now(), -4),
    });
    expect(['dead', 'queue'].map(visible)).toEqual([0, 25]);
    const [message] = await queue('queue').receive(1, 0);
    expect(message).toMatchObject({ receiveCount: 1, attributes: { Reason: { StringValue: 'why' } } });
    expect(message?.deadLetterSource).toBeUndefined();
  });

  test('takes another queue where one is named', async () => {
    await giveUp(3, '');
    await start({ DestinationArn: arn('other') });
    expect(await ended()).toMatchObject({ Status: 'COMPLETED', DestinationArn: arn('other') });
    expect(['dead', 'queue', 'other'].map(visible)).toEqual([0, 0, 3]);
  });

  test('fails for a message that was sent there directly, and leaves it', async () => {
    await giveUp(1, '');
    await start();
    expect(await ended()).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
      ApproximateNumberOfMessagesMoved: 0,
    });
    await vi.waitFor(() => expect(visible('dead')).toBe(1));
  });

  test('keeps to a rate, and is alone on its queue', async () => {
    await giveUp(10);
    const { TaskHandle } = await start({ MaxNumberOfMessagesPerSecond: 20 });
    expect(await newest()).toMatchObject({ TaskHandle, Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 20 });
    await expect(start()).rejects.toMatchObject({ name: 'UnsupportedOperation' });
    await vi.waitFor(() => expect(visible('queue')).toBeGreaterThan(1));
    expect(visible('queue') + visible('dead')).toBeGreaterThanOrEqual(9);
    expect(await ended()).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 10 });
  });

  test.each([
    ['other', undefined, 'InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.'],
    ['dead', 'dead', 'InvalidParameterValue', 'cannot be the same'],
    ['dead', 'nothing', 'ResourceNotFoundException', 'DestinationArn'],
    ['nothing', undefined, 'ResourceNotFoundException', 'SourceArn'],
  ])('from %s to %s is %s', async (from, to, name, message) => {
    const arnOf = (queueName: string) => arn('queue').replace(/queue$/, queueName);
    const task = start({ SourceArn: arnOf(from), ...(to && { DestinationArn: arnOf(to) }) });
    await expect(task).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });
});

test('the queues of a dead-letter queue are listed', async () => {
  const list = (name: string) =>
    sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: queue(name).options.url }));
  expect((await list('dead')).queueUrls).toEqual([queue('queue').options.url]);
  expect((await list('other')).queueUrls).toEqual([]);
});

describe('message attributes', () => {
  test('come back as they were sent', async () => {
    const QueueUrl = queue('other').options.url;
    const MessageAttributes = {
      Reason: { DataType: 'String', StringValue: 'ünterwegs' },
      Attempts: { DataType: 'Number.int', StringValue: '3' },
      Raw: { DataType: 'Binary', BinaryValue: Buffer.from([0, 255]) },
    };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', MessageAttributes }));
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    expect(Messages?.[0]?.MessageAttributes?.['Reason']?.StringValue).toBe('ünterwegs');
    expect(Buffer.from(Messages?.[0]?.MessageAttributes?.['Raw']?.BinaryValue ?? [])).toEqual(
      Buffer.from([0, 255]),
    );
  });
});
