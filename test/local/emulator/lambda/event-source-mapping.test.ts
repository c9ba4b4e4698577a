import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failedMessages } from '../../../../local/emulator/lambda/batch-response.ts';
import {
  type EventSourceMappingOptions,
  startEventSourceMapping,
} from '../../../../local/emulator/lambda/event-source-mapping.ts';
import { newMessage } from '../../../../local/emulator/sqs/message.ts';
import { type Queue, queue } from '../../../../local/emulator/sqs/queue.ts';

interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const newQueue = (): Queue =>
  queue({
    name: 'events',
    arn: 'arn:aws:sqs:us-east-1:000000000000:events',
    url: 'http://127.0.0.1/events',
    visibilityTimeout: 50,
    retention: 3_600_000,
    delay: 0,
    maximumMessageSize: 1_048_576,
  });

describe('an event source mapping', () => {
  const running: { close(): Promise<void> }[] = [];
  afterEach(() => Promise.all(running.splice(0).map((mapping) => mapping.close())));

  /** Feeds `handler`, which gives its answer as a value, from a queue. */
  const start = (
    from: Queue,
    handler: (records: SqsRecord[]) => Promise<unknown> | unknown,
    changes: Partial<EventSourceMappingOptions> = {},
  ): void => {
    running.push(
      startEventSourceMapping({
        queue: from,
        region: 'us-east-1',
        senderId: '000000000000',
        batchSize: 10,
        window: 0,
        concurrency: 1,
        reportsFailures: true,
        invoke: async (payload) => {
          const answer = await handler(JSON.parse(payload).Records);
          return { mode: 'buffered', payload: JSON.stringify(answer ?? null) };
        },
        onFailure: () => {},
        ...changes,
      }),
    );
  };
  const drained = (q: Queue): Promise<void> =>
    vi.waitFor(() => expect(q.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 }), 5000);

  test('hands over messages as Lambda shows them', async () => {
    const q = newQueue();
    const seen = Promise.withResolvers<SqsRecord[]>();
    const attributes = { KIND: { DataType: 'String', StringValue: 'x' } };
    await q.send([newMessage('{"a":1}', attributes)]);
    start(q, (records) => seen.resolve(records));
    expect(await seen.promise).toEqual([
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: '{"a":1}',
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.stringMatching(/^\d{13}$/),
          SenderId: '000000000000',
          ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        },
        messageAttributes: { KIND: { dataType: 'String', stringValue: 'x' } },
        md5OfBody: 'bb6cb5c68df4652941caf652a366f2d8',
        eventSource: 'aws:sqs',
        eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:events',
        awsRegion: 'us-east-1',
      },
    ]);
    await drained(q);
  });

  test('brings back only what failed, when its visibility timeout has passed', async () => {
    const q = newQueue();
    const attempts: string[] = [];
    await q.send(['good', 'bad'].map((body) => newMessage(body)));
    start(q, (records) => {
      attempts.push(
        ...records.map(({ body, attributes }) => `${body} ${attributes['ApproximateReceiveCount']}`),
      );
      const failed = records.filter(
        ({ body, attributes }) => body === 'bad' && attributes['ApproximateReceiveCount'] !== '3',
      );
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await drained(q);
    expect(attempts).toEqual(['good 1', 'bad 1', 'bad 2', 'bad 3']);
  });

  test('brings back the whole batch when the function fails', async () => {
    const q = newQueue();
    const failures: unknown[] = [];
    let invocations = 0;
    await q.send([newMessage('a'), newMessage('b')]);
    start(
      q,
      () => {
        invocations += 1;
        if (invocations === 1) throw new Error('crashed');
      },
      { onFailure: (error) => failures.push(error) },
    );
    await drained(q);
    expect(invocations).toBe(2);
    expect(failures).toHaveLength(1);
  });

  test('fills a batch within its window, and runs as many at once as it may', async () => {
    const q = newQueue();
    const sizes: number[] = [];
    let running = 0;
    let most = 0;
    start(
      q,
      async (records) => {
        sizes.push(records.length);
        running += 1;
        most = Math.max(most, running);
        await sleep(30);
        running -= 1;
      },
      { batchSize: 5, window: 200, concurrency: 2 },
    );
    for (let i = 0; i < 20; i += 1) await q.send([newMessage(String(i))]);
    await drained(q);
    expect(sizes).toEqual([5, 5, 5, 5]);
    expect(most).toBe(2);
  });

  test('splits a batch that is larger than a payload may be', async () => {
    const q = newQueue();
    const sizes: number[] = [];
    await q.send(Array.from({ length: 8 }, () => newMessage('x'.repeat(1_000_000))));
    start(q, (records) => {
      sizes.push(records.length);
    });
    await drained(q);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(8);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
describe('an answer about a batch', () => {
  const ids = ['a', 'b'];
  test.each(['null', '{}', '{"batchItemFailures":null}', '{"batchItemFailures":[]}'])(
    '%s is a success',
    (answer) => {
      expect(failedMessages(answer, ids)).toEqual(new Set());
    },
  );
  test('names what failed', () => {
    expect(failedMessages('{"batchItemFailures":[{"itemIdentifier":"b"}]}', ids)).toEqual(new Set(['b']));
  });
  test.each([
    'no json',
    '{"batchItemFailures":"b"}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"id":"b"}]}',
    '{"batchItemFailures":[null]}',
    '{"batchItemFailures":[{"itemIdentifier":"unknown"}]}',
  ])('%s fails everything', (answer) => {
    expect(failedMessages(answer, ids)).toEqual(new Set(ids));
  });
});
