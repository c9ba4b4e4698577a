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
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { startDeliveringFixture } from '../../fixtures/delivering-fixture.ts';

let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'mappings-'));
});
afterAll(() => rm(data, { recursive: true }));

const CLIENT = { region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } };
const FUNCTION = 'Fixture-DeliveryFunction';

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
    await vi.waitFor(async () =>
      expect(await client.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
        State: 'Disabled',
      }),
    );
    await queue.send([newMessage('{"waits":true}')]);
    // The other mapping goes on.
    await first.queue('DeliveryRetries').send([newMessage('{}')]);
    await vi.waitFor(() =>
      expect(first.queue('DeliveryRetries').counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }),
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
    await vi.waitFor(() => expect(kept.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }));
  } finally {
    again.destroy();
    await second.close();
  }
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
