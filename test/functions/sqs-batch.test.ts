import type { SQSRecord } from 'aws-lambda';
import { expect, test } from 'vitest';
import { batchResponse, messagesOf, queueArnOf } from '../../functions/sqs-batch.ts';

const record = (messageId: string, messageAttributes: SQSRecord['messageAttributes'] = {}): SQSRecord => ({
  messageId,
  receiptHandle: 'handle',
  body: `the body of ${messageId}`,
  attributes: {
    ApproximateReceiveCount: '1',
    SentTimestamp: '1795251600000',
    SenderId: 'sender',
    ApproximateFirstReceiveTimestamp: '1795251600001',
  },
  messageAttributes,
  md5OfBody: '',
  eventSource: 'aws:sqs',
  eventSourceARN: 'arn:aws:sqs:eu-central-1:111111111111:queue',
  awsRegion: 'eu-central-1',
});

test('the messages of a batch have its order, their bodies, sending times and attributes', () => {
  const attributes = {
    Attempts: { dataType: 'Number', stringValue: '3' },
    Reason: { dataType: 'String', stringValue: 'busy' },
  };
  expect(messagesOf({ Records: [record('a'), record('b', attributes)] })).toEqual([
    { messageId: 'a', body: 'the body of a', sentAt: 1795251600000, attributes: {} },
    {
      messageId: 'b',
      body: 'the body of b',
      sentAt: 1795251600000,
      attributes: { Attempts: '3', Reason: 'busy' },
    },
  ]);
});

test('a batch tells which queue it comes from', () => {
  const other = { ...record('a'), eventSourceARN: 'arn:aws:sqs:eu-central-1:111111111111:other' };
  expect(queueArnOf({ Records: [other, other] })).toBe('arn:aws:sqs:eu-central-1:111111111111:other');
  expect(queueArnOf({ Records: [] })).toBeUndefined();
});

test('a batch response names the messages that stay in their queue, and no others', () => {
  expect(batchResponse(['a', 'c'])).toEqual({
    batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'c' }],
  });
  expect(batchResponse([])).toEqual({ batchItemFailures: [] });
});
