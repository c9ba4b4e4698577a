import { type App, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { checksOf } from '../../infra/nag-packs.ts';
import { EVERY_VARIANT } from './every-variant.ts';
import { stackInApp, synthesize, target } from './synthesize.ts';

const { all, outputs } = synthesize();

describe('the stack', () => {
  test('tells producers, consumers and operators what they need', () => {
    expect(Object.keys(outputs).sort()).toEqual([
      'ApiKeySecretArn',
      'ApiUrl',
      'DashboardUrl',
      'DeliveriesUrl',
      'EventBusArn',
      'EventBusName',
      'FeedUrl',
      'IngestDeadLetterQueueUrl',
      'IngestQueueUrl',
      'ProducerPolicy',
      'RejectedQueueUrl',
      'StatusUrl',
      'TableName',
    ]);
  });

  test('asks neither an account nor a region', () => {
    expect(stackInApp().environment).toBe('aws://unknown-account/unknown-region');
  });

  test('names only what others must know by name, so that the rest can be replaced', () => {
    for (const type of [
      'AWS::SQS::Queue',
      'AWS::DynamoDB::Table',
      'AWS::Lambda::Function',
      'AWS::Logs::LogGroup',
    ]) {
      for (const { properties } of all(type)) {
        expect(Object.keys(properties)).not.toContain(`${type.split('::')[2]}Name`);
      }
    }
  });
});

describe('every function', () => {
  const functions = all('AWS::Lambda::Function');

  test('runs on Node 24 and arm64, and gets another Node with a release only', () => {
    expect(functions).toHaveLength(5);
    for (const { properties } of functions) {
      expect(properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        RuntimeManagementConfig: { UpdateRuntimeOn: 'FunctionUpdate' },
      });
    }
  });

  test('that sizes one space of its heap sizes both, within its memory: naming one takes both from Lambda', () => {
    const sized = functions.filter(({ properties }) => 'NODE_OPTIONS' in properties.Environment.Variables);
    expect(sized.map(({ id }) => id)).toEqual([expect.stringMatching(/^ApiQuery/)]);
    for (const { properties } of sized) {
      const { NODE_OPTIONS, COLLECT_MEMORY_BYTES } = properties.Environment.Variables;
      const size = (space: string) =>
        Number(new RegExp(`--max-${space}-space-size=(\\d+)`).exec(NODE_OPTIONS)?.[1]);
      const heap = 3 * size('semi') + size('old');
      const outside = Number(COLLECT_MEMORY_BYTES) / 1024 / 1024;
      expect(heap).toBeGreaterThan(0);
      expect(heap + outside + 256).toBeLessThanOrEqual(properties.MemorySize);
    }
  });

  test('has a log group of its own with a retention, and writes its lines as they are', () => {
    const groups = functions.map(({ properties }) => target(properties.LoggingConfig.LogGroup));
    expect(new Set(groups).size).toBe(functions.length);
    for (const { properties } of functions) expect(properties.LoggingConfig.LogFormat ?? 'Text').toBe('Text');
    for (const { properties } of all('AWS::Logs::LogGroup')) {
      expect(properties.RetentionInDays).toBeGreaterThanOrEqual(30);
    }
  });

  test.each(['Errors', 'Throttles'])('raises an alarm on %s', (metric) => {
    const alarmed = all('AWS::CloudWatch::Alarm')
      .filter(({ properties }) => properties.MetricName === metric && properties.Namespace === 'AWS/Lambda')
      .map(({ properties }) => target(properties.Dimensions[0].Value));
    expect(alarmed.sort()).toEqual(functions.map(({ id }) => id).sort());
  });
});

describe('the checks of cdk-nag', () => {
  test.each(Object.entries(EVERY_VARIANT))(
    'find nothing that is not acknowledged, with %s',
    (_, settings) => {
      const stack = stackInApp(settings);
      const findings = checksOf(stack).flatMap((pack) => pack.validateScope(stack).violations);
      expect(findings.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
    },
  );

  test('are those of five packs', () => {
    expect(checksOf(stackInApp()).map(({ name }) => name)).toEqual([
      'AwsSolutions',
      'NIST.800.53.R5',
      'HIPAA.Security',
      'PCI.DSS.321',
      'Serverless',
    ]);
  });

  test('are part of every synthesis, which fails at the first finding', () => {
    const stack = stackInApp();
    new Queue(stack, 'Careless');
    expect(() => (stack.node.root as App).synth()).toThrow(/AwsSolutions-SQS3/);
  });

  test('accept that finding once it is acknowledged', () => {
    const stack = stackInApp();
    const queue = new Queue(stack, 'Careless');
    Validations.of(queue).acknowledge(
      { id: 'AwsSolutions-SQS3', reason: 'a test' },
      { id: 'AwsSolutions-SQS4', reason: 'a test' },
      { id: 'Serverless-SQSRedrivePolicy', reason: 'a test' },
    );
    expect(() => (stack.node.root as App).synth()).not.toThrow();
  });
});
