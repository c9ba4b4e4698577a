import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient, GetItemCommand, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FixtureStack, startFixtureStack } from '../../fixtures/fixture-stack.ts';
import { API_KEY } from '../../fixtures/start-fixture.ts';

const REGION = 'eu-west-1';
const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

let stack: FixtureStack;
beforeAll(async () => {
  stack = await startFixtureStack();
});
afterAll(() => stack.close());

/** Sends an operation as AWS's clients do. */
async function send(target: string, body: object | string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(stack.awsUrl, {
    method: 'POST',
    headers: { 'X-Amz-Target': target, 'Content-Type': 'application/x-amz-json-1.0' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe('PutEvents', () => {
  const entry = (changes: Partial<PutEventsRequestEntry> = {}): PutEventsRequestEntry => ({
    EventBusName: 'bus',
    Source: 'a.source',
    DetailType: 'A Type',
    Detail: '{"wanted":true}',
    ...changes,
  });
  const put = async (...Entries: PutEventsRequestEntry[]) => {
    const client = new EventBridgeClient({ endpoint: stack.awsUrl, region: REGION, credentials });
    return client.send(new PutEventsCommand({ Entries })).finally(() => client.destroy());
  };
  const received = async (name = 'queue') => {
    const queue = stack.queues.get(name);
    const messages = (await queue?.receive(10, 2000)) ?? [];
    await queue?.delete(messages.map(({ receiptHandle }) => receiptHandle));
    return messages;
  };

  test('delivers an event in EventBridge’s envelope, its detail as it was sent', async () => {
    const Detail = '{ "wanted": true, "n": 1.0, "big": 12345678901234567890 }';
    const Time = new Date('2026-01-02T03:04:05.678Z');
    const { Entries, FailedEntryCount } = await put(entry({ Detail, Time, Resources: ['arn:r'] }));
    expect(FailedEntryCount).toBe(0);
    const [message] = await received();
    expect(message?.body).toContain(`"detail":${Detail}}`);
    expect(JSON.parse(message?.body ?? '')).toMatchObject({
      version: '0',
      id: Entries?.[0]?.EventId,
      'detail-type': 'A Type',
      source: 'a.source',
      account: '000000000000',
      time: '2026-01-02T03:04:05Z',
      region: 'us-east-1',
      resources: ['arn:r'],
    });
  });

  test('takes now for the time, a bus by its ARN, and delivers only what a rule matches', async () => {
    const arn = 'arn:aws:events:us-east-1:000000000000:event-bus/bus';
    await put(entry({ EventBusName: arn }), entry({ Detail: '{"wanted":false}' }), entry({ Detail: '{}' }));
    const messages = await received();
    expect(messages).toHaveLength(1);
    const { time } = JSON.parse(messages[0]?.body ?? '');
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
  });

  test('refuses wrong entries one by one', async () => {
    const { Source: _, ...noSource } = entry();
    const { Detail: __, ...noDetail } = entry();
    const { FailedEntryCount, Entries = [] } = await put(
      noSource,
      entry({ DetailType: '' }),
      noDetail,
      entry({ Detail: '{"wanted":true' }),
      entry({ Detail: '[true]' }),
      entry({ Detail: '"text"' }),
      entry({ Detail: 'null' }),
      entry({ Source: 'aws.ec2' }),
      entry(),
    );
    expect(FailedEntryCount).toBe(8);
    expect(Entries.map(({ ErrorCode }) => ErrorCode)).toEqual([
      ...Array(3).fill('InvalidArgument'),
      ...Array(4).fill('MalformedDetail'),
      'NotAuthorizedForSourceException',
      undefined,
    ]);
    expect(Entries[0]?.ErrorMessage).toBe(
      'Parameter Source is not valid. Reason: Source is a required argument.',
    );
    expect(await received()).toHaveLength(1);
  });

  test('refuses a request of no, too many or too large entries', async () => {
    await expect(put()).rejects.toThrow('Entries');
    await expect(put(...Array(11).fill(entry()))).rejects.toMatchObject({ name: 'ValidationException' });
    const Detail = JSON.stringify({ wanted: true, text: 'x'.repeat(600_000) });
    await expect(put(entry({ Detail }), entry({ Detail }))).rejects.toThrow('over the limit');
  });

  test('accepts an event for a bus that is not there, as EventBridge does, and says so at the terminal', async () => {
    const { FailedEntryCount } = await put(entry({ EventBusName: 'other' }));
    expect(FailedEntryCount).toBe(0);
    expect(stack.warnings).toContain('an event for the bus other is gone: there is no such bus');
  });

  test('puts what a target refuses into the rule’s dead-letter queue, with the reason', async () => {
    await put(entry({ Detail: JSON.stringify({ wanted: true, text: 'x'.repeat(3000) }) }));
    const [message] = await received('undelivered');
    expect(message?.attributes).toMatchObject({
      TARGET_ARN: { StringValue: 'arn:aws:sqs:us-east-1:000000000000:queue' },
      ERROR_CODE: { StringValue: 'MessageTooLong' },
    });
  });
});

describe('GetSecretValue', () => {
  const get = async (SecretId: string) => {
    const client = new SecretsManagerClient({ endpoint: stack.awsUrl, region: REGION, credentials });
    return client.send(new GetSecretValueCommand({ SecretId })).finally(() => client.destroy());
  };

  test('gives the API key by the ARN in the outputs, or by name', async () => {
    expect((await get(stack.outputs['ApiKeySecretArn'] ?? '')).SecretString).toBe(API_KEY);
    expect(await get('api-key')).toMatchObject({ SecretString: API_KEY, VersionStages: ['AWSCURRENT'] });
  });

  test('knows no other secret', async () => {
    await expect(get('other')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

interface Received {
  readonly body: { readonly Messages: readonly { readonly ReceiptHandle: string }[] };
}

describe('SQS', () => {
  const url = () => stack.outputs['QueueUrl'] ?? '';
  const sqs = (operation: string, body: object) =>
    send(`AmazonSQS.${operation}`, { QueueUrl: url(), ...body });

  test('finds queues', async () => {
    expect(await send('AmazonSQS.ListQueues', { QueueNamePrefix: 'que' })).toEqual({
      status: 200,
      body: { QueueUrls: [url()] },
    });
    expect(await send('AmazonSQS.GetQueueUrl', { QueueName: 'queue' })).toEqual({
      status: 200,
      body: { QueueUrl: url() },
    });
    expect(await send('AmazonSQS.GetQueueUrl', { QueueName: 'x' })).toMatchObject({
      status: 400,
      body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' },
    });
  });

  test('sends, receives and deletes', async () => {
    const waiting = sqs('ReceiveMessage', {
      WaitTimeSeconds: 5,
      AttributeNames: ['All'],
      MessageAttributeNames: ['A'],
    });
    await sleep(50);
    const MessageAttributes = {
      A: { DataType: 'String', StringValue: 'x' },
      B: { DataType: 'Number', StringValue: '1' },
    };
    const sent = await sqs('SendMessage', { MessageBody: 'hello', MessageAttributes });
    expect(sent.body).toMatchObject({ MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592' });

    const { body } = (await waiting) as Received;
    expect(body.Messages).toMatchObject([
      {
        Body: 'hello',
        MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
        Attributes: { ApproximateReceiveCount: '1' },
        MessageAttributes: { A: { StringValue: 'x' } },
      },
    ]);
    expect(
      (await sqs('GetQueueAttributes', { AttributeNames: ['ApproximateNumberOfMessagesNotVisible'] })).body,
    ).toEqual({
      Attributes: { ApproximateNumberOfMessagesNotVisible: '1' },
    });
    const ReceiptHandle = body.Messages[0]?.ReceiptHandle;
    await sqs('DeleteMessage', { ReceiptHandle });
    expect(stack.queues.get('queue')?.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test('says what is wrong with a request', async () => {
    expect(await sqs('ReceiveMessage', { MaxNumberOfMessages: 11 })).toMatchObject({
      status: 400,
      body: { __type: 'ValidationException', message: expect.stringContaining('MaxNumberOfMessages') },
    });
  });
});

describe('the AWS endpoint', () => {
  test('passes DynamoDB’s operations on to the store', async () => {
    const client = new DynamoDBClient({ endpoint: stack.awsUrl, region: REGION, credentials });
    expect((await client.send(new ListTablesCommand())).TableNames).toEqual(['table']);
    const Item = { pk: { S: 'a' } };
    await client.send(new PutItemCommand({ TableName: 'table', Item }));
    expect((await client.send(new GetItemCommand({ TableName: 'table', Key: Item }))).Item).toEqual(Item);
    client.destroy();
  });

  test.each([
    ['Kinesis_20131202.PutRecord', {}, 'The local stack has no Kinesis_20131202.PutRecord.'],
    ['AWSEvents.CreateEventBus', {}, 'The local stack has no AWSEvents.CreateEventBus.'],
    ['AmazonSQS.PurgeQueue', {}, 'The local stack has no AmazonSQS.PurgeQueue.'],
    ['', {}, 'names its operation in X-Amz-Target'],
    ['AWSEvents.PutEvents', '{"Entries":', 'not JSON'],
  ])('refuses %j, naming it', async (target, body, message) => {
    expect(await send(target, body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
  });
});
