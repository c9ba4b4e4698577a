import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Store, startStore } from '../../local/emulator/dynamodb/embedded-store.ts';
import type { Template } from '../../local/emulator/template/assembly.ts';
import type { FeedTable, Slot, SlotName } from '../../shared/feed/feed-table.ts';
import { encodeIntent } from '../../shared/feed/intent-codec.ts';
import { packUuids } from '../../shared/log/uuid-packing.ts';
import { dynamoDbFeedTable } from '../../shared/store/feed/dynamodb-feed-table.ts';
import { HOUR, SECOND } from '../../shared/time.ts';
import { freshHour, log } from '../fixtures/identified-logs.ts';
import { withVariables } from './changed-template.ts';
import { between, type RunningStack, startRunningStack } from './running-stack.ts';

const CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
const REGION = 'us-east-1';

/** A stack that announces stored logs, with a queue that hears each announcement. */
function withListener(template: Template): Template {
  const announcing = withVariables({ ANNOUNCE_STORED_LOGS: 'true' })(template);
  const [bus] =
    Object.entries(template.Resources).find(([, { Type }]) => Type === 'AWS::Events::EventBus') ?? [];
  return {
    ...announcing,
    Resources: {
      ...announcing.Resources,
      Heard: { Type: 'AWS::SQS::Queue' },
      Hear: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: { Ref: bus },
          EventPattern: { 'detail-type': ['Security Log Stored'] },
          Targets: [{ Id: 'heard', Arn: { 'Fn::GetAtt': ['Heard', 'Arn'] } }],
        },
      },
    },
    Outputs: { ...announcing.Outputs, HeardUrl: { Value: { Ref: 'Heard' } } },
  };
}

let store: Store;
let stack: RunningStack;
let dynamo: DynamoDBClient;
let sqs: SQSClient;
let table: FeedTable;

beforeAll(async () => {
  store = await startStore();
  stack = await startRunningStack({
    storeUrl: store.url,
    patchTemplate: withListener,
    scheduleMinute: SECOND,
  });
  dynamo = new DynamoDBClient({
    endpoint: store.url,
    region: REGION,
    credentials: CREDENTIALS,
    base64Decoder: (text) => Buffer.from(text, 'base64'),
  });
  sqs = new SQSClient({ endpoint: stack.awsUrl, region: REGION, credentials: CREDENTIALS });
  const client = DynamoDBDocumentClient.from(dynamo);
  const tableName = stack.outputs['TableName'] ?? '';
  table = dynamoDbFeedTable({ client, tableName })(new AbortController().signal);
});
afterAll(async () => {
  sqs.destroy();
  dynamo.destroy();
  await stack.close();
  await store.close();
});

/** Does what ingest does before it puts the logs of a batch, 20 seconds ago, and then no more: as if it had crashed. */
async function crash(shard: number, logs: readonly ReturnType<typeof log>[]): Promise<SlotName> {
  const at = Date.now() - 20 * SECOND;
  const head = await table.allocate(shard, { epoch: 'test', lifetimes: [{ since: at, hours: 48 }] });
  const name = { shard, number: head.numbers.get(shard) ?? 0 };
  const intentLogs = logs.map(({ application, id, log }) => {
    const json = JSON.stringify(log);
    return { application, id, json, packed: packUuids(json) };
  });
  const intent = { kind: 'intent', nonce: 'crashed', at, logs: encodeIntent(intentLogs) } as const;
  await table.putContent(name, intent, at + 54 * HOUR);
  return name;
}

async function readSlot({ shard, number }: SlotName): Promise<Slot | undefined> {
  const { slots } = await table.readSlots(shard, number - 1, 1, { consistent: true });
  return slots[0];
}

/** The ids of the logs that were announced, until there are `count` of them. */
async function heard(count: number): Promise<string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const request = { QueueUrl: stack.outputs['HeardUrl'], MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(request));
    ids.push(...Messages.map(({ Body = '' }) => JSON.parse(Body).detail.id));
  }
  return ids.sort();
}

describe('a batch whose ingest crashed before it put a log', () => {
  test('is finished because the schedule asks: stored, announced and sealed', async () => {
    const { from } = freshHour();
    const logs = ['a', 'b', 'c'].map((id, i) => log(from + i, id));
    const name = await crash(2, logs);
    await vi.waitFor(async () => expect((await readSlot(name))?.seal).toBeDefined(), {
      timeout: 30_000,
      interval: 200,
    });
    const answer = await stack.ask(between(from, from + SECOND));
    expect(answer.logs.map(({ label }) => label.rid)).toEqual(['a', 'b', 'c']);
    expect(await heard(3)).toEqual(['a', 'b', 'c']);
  });
});
