import { describe, expect, test } from 'vitest';
import { named, type Statement, synthesize, target } from './synthesize.ts';

const { all } = synthesize();
const queues = all('AWS::SQS::Queue');
const targets = all('AWS::Events::Rule').flatMap(({ properties }) => properties.Targets);

const ofQueues = queues.flatMap(({ properties }) =>
  properties.RedrivePolicy === undefined ? [] : [target(properties.RedrivePolicy.deadLetterTargetArn)],
);
const ofRuleTargets = targets.map((each) => target(each.DeadLetterConfig.Arn));
const deadLetterQueues = [...ofQueues, ...ofRuleTargets];

const ingestQueue = named(all('AWS::Events::Rule'), 'Ingest').properties.Targets[0].Arn;
const [ingestMapping] = all('AWS::Lambda::EventSourceMapping')
  .map(({ properties }) => properties)
  .filter(({ EventSourceArn }) => target(EventSourceArn) === target(ingestQueue));

describe('queues', () => {
  test('there are three, of events, rejected events and requests to resolve, and six dead-letter queues', () => {
    expect(queues).toHaveLength(9);
    expect(deadLetterQueues).toHaveLength(6);
  });

  test('every queue but the dead-letter queues themselves has a dead-letter queue', () => {
    const without = queues.filter(({ properties }) => properties.RedrivePolicy === undefined);
    expect(without.map(({ id }) => id).sort()).toEqual([...deadLetterQueues].sort());
  });

  test('every rule target and every queue has a dead-letter queue of its own', () => {
    expect(new Set(deadLetterQueues).size).toBe(deadLetterQueues.length);
  });

  test('every dead-letter queue and the rejected queue raises an alarm at the first message', () => {
    const rejected = named(all('AWS::Events::Rule'), 'Rejections').properties.Targets[0].Arn;
    const alarmed = all('AWS::CloudWatch::Alarm')
      .map(({ properties }) => properties)
      .filter(
        (alarm) =>
          alarm.MetricName === 'ApproximateNumberOfMessagesVisible' &&
          alarm.Namespace === 'AWS/SQS' &&
          alarm.ComparisonOperator === 'GreaterThanThreshold' &&
          alarm.Threshold === 0 &&
          alarm.EvaluationPeriods === 1 &&
          alarm.TreatMissingData === 'ignore',
      )
      .map((alarm) => target(alarm.Dimensions[0].Value));
    expect(alarmed.sort()).toEqual([...deadLetterQueues, target(rejected)].sort());
  });

  test('every queue is encrypted, keeps messages for 14 days and takes those of 1 MiB', () => {
    for (const { properties } of queues) {
      expect(properties).toMatchObject({
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 14 * 24 * 60 * 60,
        MaximumMessageSize: 1024 * 1024,
      });
    }
  });

  test('every queue refuses what does not come over TLS', () => {
    const refusing = all('AWS::SQS::QueuePolicy').filter(({ properties }) =>
      properties.PolicyDocument.Statement.some(
        ({ Effect, Action, Condition }: Statement) =>
          Effect === 'Deny' && Action === 'sqs:*' && Condition?.Bool?.['aws:SecureTransport'] === 'false',
      ),
    );
    expect(refusing.map(({ properties }) => target(properties.Queues[0])).sort()).toEqual(
      queues.map(({ id }) => id).sort(),
    );
  });

  test('EventBridge may send to the queue and the dead-letter queue of every rule, for that rule only', () => {
    const sendsTo = (queue: string) =>
      all('AWS::SQS::QueuePolicy')
        .filter(({ properties }) => target(properties.Queues[0]) === queue)
        .flatMap(({ properties }) => properties.PolicyDocument.Statement)
        .filter(({ Principal }) => Principal.Service === 'events.amazonaws.com')
        .map(({ Condition }) => target(Condition.ArnEquals['aws:SourceArn']));
    for (const { id, properties } of all('AWS::Events::Rule')) {
      expect(sendsTo(target(properties.Targets[0].Arn))).toContain(id);
      expect(sendsTo(target(properties.Targets[0].DeadLetterConfig.Arn))).toEqual([id]);
    }
  });

  test('a message waits out an hour of failures, and a batch is never received twice at once', () => {
    const queue = named(queues, target(ingestMapping.EventSourceArn)).properties;
    const fn = named(all('AWS::Lambda::Function'), target(ingestMapping.FunctionName)).properties;
    expect(queue.VisibilityTimeout).toBeGreaterThanOrEqual(6 * fn.Timeout);
    expect(queue.VisibilityTimeout * queue.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(60 * 60);
  });
});

describe('the ingest queue', () => {
  test('hands over large batches at once, takes back single messages, and limits concurrency', () => {
    expect(ingestMapping).toMatchObject({
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 50 },
    });
  });

  test('raises an alarm when messages wait', () => {
    const alarms = all('AWS::CloudWatch::Alarm').filter(
      ({ properties }) => properties.MetricName === 'ApproximateAgeOfOldestMessage',
    );
    expect(alarms.map(({ properties }) => target(properties.Dimensions[0].Value))).toEqual([
      target(ingestMapping.EventSourceArn),
    ]);
  });
});
