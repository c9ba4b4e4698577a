import { describe, expect, test } from 'vitest';
import { INVOKING_TIMEOUTS } from '../../functions/aws-clients.ts';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { CONSUMER_PERMISSIONS, named, permissionsOf, synthesize, target } from './synthesize.ts';

type Service = Extract<
  NonNullable<SettingsInput['delivery']>,
  { method: 'api-and-custom-service' }
>['service'];

const HEADER_SECRET = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:siem-token-AbCdEf';
const FUNCTION_ARN = 'arn:aws:lambda:eu-central-1:111111111111:function:to-siem';

const delivering = (service: Service) =>
  synthesize({ delivery: { method: 'api-and-custom-service', service } });
const names = ({ all }: ReturnType<typeof synthesize>, type: string) => all(type).map(({ id }) => id);

const https = delivering({
  type: 'https',
  url: 'https://siem.example/logs',
  headers: { Authorization: HEADER_SECRET },
});
const lambda = delivering({ type: 'lambda', functionArn: FUNCTION_ARN });
const fileStore = delivering({ type: 'file-store', bucket: 'the-bucket', prefix: 'logs/' });
const api = synthesize();

/** What every deliver function may do, whatever its service is. */
const ALWAYS = {
  'dynamodb:GetItem': 'AWS::DynamoDB::Table',
  'dynamodb:UpdateItem': 'AWS::DynamoDB::Table',
  'sqs:SendMessage': 'AWS::SQS::Queue',
  ...CONSUMER_PERMISSIONS,
};

describe('delivery', () => {
  test('is not there when only the API was chosen', () => {
    expect(Object.keys(api.json['Resources']).filter((id) => id.startsWith('Delivery'))).toEqual([]);
    expect(Object.keys(api.outputs).filter((name) => name.startsWith('Delivery'))).toEqual([]);
    expect(names(api, 'AWS::Lambda::Function')).toHaveLength(5);
  });

  test.each([
    ['https', https],
    ['lambda', lambda],
    ['file-store', fileStore],
  ])(
    'to %s is a rule, a queue and a retry queue with their dead letters, and a function, and nothing else is changed',
    (_, stack) => {
      const added = (type: string) => names(stack, type).filter((id) => !names(api, type).includes(id));
      expect(added('AWS::Events::Rule')).toHaveLength(1);
      expect(added('AWS::SQS::Queue')).toHaveLength(5);
      expect(added('AWS::Lambda::Function')).toHaveLength(1);
      expect(added('AWS::DynamoDB::Table')).toHaveLength(0);
      for (const { id, properties } of api.all('AWS::Events::Rule')) {
        expect(stack.all('AWS::Events::Rule').find((rule) => rule.id === id)?.properties).toEqual(properties);
      }
    },
  );

  test('has an alarm on each of its dead-letter queues', () => {
    const alarmed = https
      .all('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties.MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(({ properties }) => target(properties.Dimensions[0].Value));
    const deadLetters = names(https, 'AWS::SQS::Queue').filter((id) => /^Delivery.*DeadLetters/.test(id));
    expect(deadLetters).toHaveLength(3);
    for (const queue of deadLetters) expect(alarmed).toContain(queue);
  });

  const fn = named(https.all('AWS::Lambda::Function'), 'DeliveryFunction');
  const queueCalled = (name: string) => {
    const [found] = https
      .all('AWS::SQS::Queue')
      .filter(({ id }) => new RegExp(`^Delivery${name}(?!DeadLetters)`).test(id));
    if (found === undefined) throw new Error(`no queue is called ${name}`);
    return found;
  };

  test.each(['Queue', 'Retries'])(
    'hides a message of %s at least six times as long as its function may take, and gives up only what ends the function',
    (name) => {
      const { VisibilityTimeout, RedrivePolicy } = queueCalled(name).properties;
      expect(VisibilityTimeout).toBeGreaterThanOrEqual(6 * fn.properties.Timeout);
      expect(RedrivePolicy.maxReceiveCount).toBe(100);
    },
  );

  test('feeds its function from both queues, each with pollers of its own, which can be disabled alone', () => {
    const mappings = https
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ properties }) => target(properties.FunctionName) === fn.id);
    expect(mappings.map(({ properties }) => target(properties.EventSourceArn)).sort()).toEqual(
      [queueCalled('Queue').id, queueCalled('Retries').id].sort(),
    );
    for (const { properties } of mappings) {
      expect(properties).toMatchObject({
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 50 },
      });
    }
  });

  test('gives its function time for a probe, for a batch, each as long as a Lambda function may take, and for the rest', () => {
    expect(fn.properties.Timeout * 1000).toBeGreaterThanOrEqual(2 * INVOKING_TIMEOUTS.answerMs + 10_000);
    expect(fn.properties.Environment.Variables).toMatchObject({
      FIRST_RETRY_MS: '5000',
      LONGEST_RETRY_MS: '900000',
      RETRY_QUEUE_URL: { Ref: queueCalled('Retries').id },
    });
  });

  test.each([
    [48, { remaining: 6, age: 42, ageOfRetries: 18 }],
    [8760, { remaining: 6, age: 14 * 24 - 6, ageOfRetries: 14 * 24 - 6 }],
    [12, { remaining: 3, age: 9, ageOfRetries: 3 }],
    [1, { remaining: 0.25, age: 0.75, ageOfRetries: 0.25 }],
  ])(
    'raises an alarm before a log of %i hours expires undelivered, while it runs and while it does not',
    (retentionHours, hours) => {
      const { all } = synthesize({
        retentionHours,
        delivery: {
          method: 'api-and-custom-service',
          service: { type: 'lambda', functionArn: FUNCTION_ARN },
        },
      });
      const alarms = all('AWS::CloudWatch::Alarm').filter(({ id }) => id.includes('Expiring'));
      const told = alarms.map(({ id, properties }) => [
        id.replace(/Expiring.*/, ''),
        properties.MetricName,
        properties.Statistic,
        properties.ComparisonOperator,
        properties.Threshold / 3600,
      ]);
      expect(told.toSorted()).toEqual([
        ['DeliveryFunction', 'RemainingLifetime', 'Minimum', 'LessThanThreshold', hours.remaining],
        ['DeliveryQueue', 'ApproximateAgeOfOldestMessage', 'Maximum', 'GreaterThanThreshold', hours.age],
        [
          'DeliveryRetries',
          'ApproximateAgeOfOldestMessage',
          'Maximum',
          'GreaterThanThreshold',
          hours.ageOfRetries,
        ],
      ]);
    },
  );

  test('raises an alarm when a log was not delivered for two hours, and when a queue is not worked off', () => {
    const alarms = https.all('AWS::CloudWatch::Alarm').map(({ properties }) => properties);
    expect(alarms.filter(({ MetricName }) => MetricName === 'UndeliveredAge')).toMatchObject([
      {
        Namespace: fn.properties.Environment.Variables.POWERTOOLS_METRICS_NAMESPACE,
        Statistic: 'Maximum',
        Threshold: 7200,
        Dimensions: [{ Name: 'service', Value: fn.properties.Environment.Variables.POWERTOOLS_SERVICE_NAME }],
      },
    ]);
    const backlogs = alarms.filter(({ MetricName }) => MetricName === 'ApproximateAgeOfOldestMessage');
    expect(backlogs.map(({ Dimensions }) => target(Dimensions[0].Value))).toEqual(
      expect.arrayContaining([queueCalled('Queue').id, queueCalled('Retries').id]),
    );
  });

  test('gives up into the dead-letter queue of the new logs, from which they can be put back as new ones', () => {
    const { DEAD_LETTER_QUEUE_URL } = fn.properties.Environment.Variables;
    expect(target(DEAD_LETTER_QUEUE_URL)).toBe(
      target(queueCalled('Queue').properties.RedrivePolicy.deadLetterTargetArn),
    );
    const sources = https
      .all('AWS::SQS::Queue')
      .filter(
        ({ properties }) =>
          properties.RedrivePolicy !== undefined &&
          target(properties.RedrivePolicy.deadLetterTargetArn) === target(DEAD_LETTER_QUEUE_URL),
      );
    expect(sources).toHaveLength(1);
  });

  test('gives an invoked function more time than an HTTPS service, and settles before its own is up', () => {
    const [fn] = lambda.all('AWS::Lambda::Function').filter(({ id }) => id.startsWith('DeliveryFunction'));
    expect(INVOKING_TIMEOUTS.answerMs).toBeGreaterThan(10_000);
    expect(INVOKING_TIMEOUTS.answerMs + INVOKING_TIMEOUTS.connectMs).toBeLessThan(
      1000 * fn?.properties.Timeout,
    );
  });

  test('by https may read its secrets and reach no other part of AWS', () => {
    expect(permissionsOf(https.all, 'deliver')).toMatchObject(ALWAYS);
    const { 'secretsmanager:GetSecretValue': secrets, ...others } = permissionsOf(https.all, 'deliver');
    expect(others).toEqual(ALWAYS);
    expect(secrets).toContain(HEADER_SECRET);
    expect(secrets).toContain('SigningSecret');
  });

  test('to a function may invoke that one', () => {
    expect(permissionsOf(lambda.all, 'deliver')).toEqual({
      ...ALWAYS,
      'lambda:InvokeFunction': JSON.stringify(FUNCTION_ARN),
    });
  });

  test('to a bucket may put objects below its prefix', () => {
    const { 's3:PutObject': objects, ...others } = permissionsOf(fileStore.all, 'deliver');
    expect(others).toEqual(ALWAYS);
    expect(objects).toContain(':s3:::the-bucket/logs/*');
  });

  test('has a signing secret by https alone, made of base64 of 48 bytes', () => {
    const lengths = ({ all }: ReturnType<typeof synthesize>) =>
      all('AWS::SecretsManager::Secret').map(
        ({ properties }) => properties.GenerateSecretString.PasswordLength,
      );
    expect(lengths(https)).toContain(64);
    expect(lengths(lambda)).not.toContain(64);
    expect(lengths(fileStore)).not.toContain(64);
  });

  test('tells the queues and the secret in the outputs', () => {
    expect(https.outputs).toMatchObject({
      DeliveryQueueUrl: expect.anything(),
      DeliveryRetryQueueUrl: expect.anything(),
      DeliveryDeadLetterQueueUrl: expect.anything(),
      SigningSecretArn: expect.anything(),
    });
    expect(lambda.outputs).not.toHaveProperty('SigningSecretArn');
  });
});
