import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openEventSourceMappings } from '../../../../local/emulator/lambda/event-source-mappings.ts';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { queue } from '../../../../local/emulator/sqs/queue.ts';
import { startDeliveringFixture } from '../../fixtures/delivering-fixture.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'mappings-'));
});
afterAll(() => rm(data, { recursive: true }));

const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
const FUNCTION = 'Fixture-DeliveryFunction';
const SOON = { timeout: 30_000 };

test('a mapping that was disabled takes nothing, also after a restart, until it is enabled', async () => {
  const first = await startDeliveringFixture('delivered', { data });
  const client = new LambdaClient({ endpoint: first.awsUrl, ...CLIENT });
  const queue = first.queue('DeliveryQueue');
  try {
    const { Functions } = await client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual([FUNCTION]);
    const { EventSourceMappings = [] } = await client.send(
      new ListEventSourceMappingsCommand({ FunctionName: FUNCTION }),
    );
    expect(EventSourceMappings.map(({ State, EventSourceArn }) => [State, EventSourceArn])).toEqual([
      ['Enabled', queue.options.arn],
      ['Enabled', first.queue('DeliveryRetries').options.arn],
    ]);
    const UUID = EventSourceMappings[0]?.UUID;
    await client.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    await vi.waitFor(
      async () =>
        expect(await client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
          State: 'Disabled',
        }),
      SOON,
    );
    await queue.send([newMessage('{"waits":true}')]);
    // The other mapping goes on.
    await first.queue('DeliveryRetries').send([newMessage('{}')]);
    await vi.waitFor(
      () => expect(first.queue('DeliveryRetries').counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }),
      SOON,
    );
    expect(queue.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  } finally {
    client.destroy();
    await first.close();
  }

  const second = await startDeliveringFixture('delivered', { data });
  const again = new LambdaClient({ endpoint: second.awsUrl, ...CLIENT });
  const kept = second.queue('DeliveryQueue');
  try {
    const { EventSourceMappings: [mapping] = [] } = await again.send(
      new ListEventSourceMappingsCommand({ FunctionName: FUNCTION }),
    );
    expect(mapping?.State).toBe('Disabled');
    expect(kept.counts().visible).toBe(1);
    await again.send(new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, Enabled: true }));
    await vi.waitFor(() => expect(kept.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }), SOON);
  } finally {
    again.destroy();
    await second.close();
  }
});

describe('a mapping that is disabled while its function works', () => {
  /** A mapping whose function answers a batch when the test says so. */
  async function workingMapping() {
    const source = queue({
      name: 'logs',
      arn: 'arn:aws:sqs:us-east-1:000000000000:logs',
      url: 'http://127.0.0.1/logs',
      visibilityTimeout: 3_600_000,
      retention: 3_600_000,
      delay: 0,
      maximumMessageSize: 1_048_576,
    });
    const answers: (() => void)[] = [];
    const mappings = await openEventSourceMappings([
      {
        arn: 'arn:mapping',
        eventSourceArn: source.options.arn,
        functionName: 'deliver',
        functionArn: 'arn:deliver',
        enabled: undefined,
        feed: {
          queue: source,
          region: 'us-east-1',
          senderId: '000000000000',
          batchSize: 1,
          window: 0,
          concurrency: 1,
          reportsFailures: false,
          invoke: () =>
            new Promise((resolve) => answers.push(() => resolve({ mode: 'buffered', payload: 'null' }))),
          onFailure: () => {},
        },
      },
    ]);
    mappings.begin();
    const [mapping] = mappings.all;
    if (mapping === undefined) throw new Error('there is no mapping');
    /** Waits until so many batches are at work. */
    const working = (count: number) => vi.waitFor(() => expect(answers).toHaveLength(count), SOON);
    return { source, answers, mappings, mapping, working };
  }

  test('is Disabling until every batch has ended, also of the time before it was enabled for a moment', async () => {
    const { source, answers, mappings, mapping, working } = await workingMapping();
    await source.send([newMessage('1')]);
    await working(1);
    mapping.setEnabled(false);
    mapping.setEnabled(true);
    await source.send([newMessage('2')]);
    await working(2);
    mapping.setEnabled(false);
    answers[1]?.();
    await vi.waitFor(() => expect(source.counts().inFlight).toBe(1), SOON);
    expect(mapping.state()).toBe('Disabling');
    answers[0]?.();
    await vi.waitFor(() => expect(mapping.state()).toBe('Disabled'), SOON);
    await mappings.close();
  });

  test('closes when that batch has ended', async () => {
    const { source, answers, mappings, mapping, working } = await workingMapping();
    await source.send([newMessage('1')]);
    await working(1);
    mapping.setEnabled(false);
    const closed = mappings.close().then(() => source.counts());
    setImmediate(() => answers[0]?.());
    expect(await closed).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

test('what the local stack does not know of a mapping is refused by name', async () => {
  const stack = await startDeliveringFixture();
  const client = new LambdaClient({ endpoint: stack.awsUrl, ...CLIENT, maxAttempts: 1 });
  try {
    await expect(client.send(new GetEventSourceMappingCommand({ UUID: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    const { EventSourceMappings: [mapping] = [] } = await client.send(new ListEventSourceMappingsCommand({}));
    const update = new UpdateEventSourceMappingCommand({ UUID: mapping?.UUID, BatchSize: 5 });
    await expect(client.send(update)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining('BatchSize'),
    });
  } finally {
    client.destroy();
    await stack.close();
  }
});

test('a damaged file of mappings is an error that names it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mappings-'));
  try {
    await writeFile(join(folder, 'event-source-mappings.json'), '{"not":"a list"}');
    await expect(startDeliveringFixture('delivered', { data: folder })).rejects.toThrow(
      'event-source-mappings.json',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
