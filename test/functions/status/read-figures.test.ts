import type { GetEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import type { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeAll, describe, expect, test } from 'vitest';
import { figureReader } from '../../../functions/status/read-figures.ts';
import { status } from '../../../functions/status/status.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { dynamoDbFeedTable } from '../../../shared/store/feed/dynamodb-feed-table.ts';
import { type Feed, feedMaker, START } from '../../fixtures/feed.ts';
import { httpRequest } from '../../fixtures/http-request.ts';
import { log } from '../../fixtures/identified-logs.ts';

const freshFeed = feedMaker();
let feed: Feed;
beforeAll(async () => {
  feed = await freshFeed();
  await feed.write([log(START, 'stored')], { shard: 1 });
});

const { signal } = new AbortController();
const DELIVERY = {
  mappingIds: ['new', 'again'],
  queueUrl: 'fresh',
  retryQueueUrl: 'retries',
  deadLetterQueueUrl: 'given-up',
};
/** Of each queue: visible, in flight, delayed. */
const QUEUES: Readonly<Record<string, readonly number[]>> = {
  ingest: [1, 20, 300],
  fresh: [4, 0, 0],
  retries: [0, 5, 6],
  'given-up': [7, 0, 0],
};

/** Asks a real table, and an SQS and a Lambda that know these queues and mappings. */
function reader({ kind = 'each-log' as 'each-log' | 'none', sqs = countsOf, lambda = stateOf } = {}) {
  const asked: string[] = [];
  const read = figureReader({
    openTable: dynamoDbFeedTable({ client: feed.client, tableName: feed.tableName }),
    sqs: { send: async ({ input }: GetQueueAttributesCommand) => sqs(noted(input.QueueUrl)) } as never,
    lambda: { send: async ({ input }: GetEventSourceMappingCommand) => lambda(noted(input.UUID)) } as never,
    version: '1.2.3',
    ingestQueueUrl: 'ingest',
    kind,
    delivery: kind === 'each-log' ? DELIVERY : undefined,
  });
  const noted = (name = ''): string => {
    asked.push(name);
    return name;
  };
  return {
    asked,
    read: () => read(feed.clock.now, signal),
    status: status({ read, now: () => feed.clock.now }),
  };
}
const countsOf = (url: string): object => {
  const [visible, inFlight, delayed] = QUEUES[url] ?? [];
  return {
    Attributes: {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    },
  };
};
const stateOf = (uuid: string): object => ({ State: uuid === 'new' ? 'Disabled' : 'Enabled' });

describe('the figures of the status', () => {
  test('count every message of a queue: visible, in flight and delayed', async () => {
    const { ingest, delivery } = await reader().read();
    expect(ingest).toEqual({ all: 321 });
    expect(delivery).toMatchObject({ fresh: { all: 4 }, retries: { all: 11 }, givenUp: { all: 7 } });
  });

  test('have the state of each mapping, and the newest log', async () => {
    const { delivery, lastStored, version, kind } = await reader().read();
    expect(delivery?.mappingStates).toEqual(['Disabled', 'Enabled']);
    expect(lastStored).toEqual({ storedAt: feed.clock.now, eventAt: START });
    expect({ version, kind }).toEqual({ version: '1.2.3', kind: 'each-log' });
  });

  test('ask for nothing of a delivery that is not there', async () => {
    const { read, asked } = reader({ kind: 'none' });
    expect((await read()).delivery).toBeUndefined();
    expect(asked).toEqual(['ingest']);
  });

  test('are not guessed where SQS gives no count', async () => {
    await expect(reader({ sqs: () => ({}) }).read()).rejects.toThrow('no count');
  });

  test.each([
    ['SQS', { sqs: () => fail('RequestThrottled') }],
    ['Lambda', { lambda: () => fail('TooManyRequestsException') }],
  ])('are a 503 while %s throttles', async (_, failing) => {
    const caller = { keyName: 'default', application: undefined };
    const answer = reader(failing).status(httpRequest({ parameters: {}, now: 0 }), caller);
    await expect(answer).rejects.toThrow(StoreUnavailable);
  });
});

function fail(name: string): never {
  throw Object.assign(new Error('slow down'), { name });
}
