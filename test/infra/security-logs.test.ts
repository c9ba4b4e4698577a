import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, test } from 'vitest';
import { SecurityLogs, type SecurityLogsSettings } from '../../infra/index.ts';
import { IN_FULL } from './settings-in-full.ts';
import { assemblyFolder, synthesize } from './synthesize.ts';

/** The construct in the stack of another app, whose context has none of our feature flags. */
function embedded(settings?: SecurityLogsSettings) {
  const app = new App({
    outdir: assemblyFolder(),
    builtinCloudFormationValidation: false,
    context: { 'aws:cdk:bundling-stacks': [] },
  });
  const stack = new Stack(app, 'Platform');
  const securityLogs = new SecurityLogs(stack, 'SecurityLogs', settings && { settings });
  return { stack, securityLogs };
}

const role = (stack: Stack) =>
  new Role(stack, 'Other', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

const statements = (stack: Stack) =>
  Object.entries(Template.fromStack(stack).findResources('AWS::IAM::Policy'))
    .filter(([id]) => id.startsWith('Other'))
    .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);

describe('the construct in another stack', () => {
  test('makes the resources of our own stack', () => {
    const count = (json: Record<string, Record<string, { Type: string }>>) =>
      Object.values(json['Resources'] ?? {})
        .map(({ Type }) => Type)
        .sort();
    const { stack } = embedded(IN_FULL);
    expect(count(Template.fromStack(stack).toJSON())).toEqual(count(synthesize(IN_FULL).json));
  });

  test('lets a producer publish, as the output of our own stack says', () => {
    const { stack, securityLogs } = embedded();
    securityLogs.grantPublish(role(stack));
    expect(statements(stack)).toEqual([
      expect.objectContaining({
        Action: 'events:PutEvents',
        Resource: stack.resolve(securityLogs.bus.bus.eventBusArn),
        Condition: expect.objectContaining({ StringEquals: expect.anything() }),
      }),
    ]);
  });

  test('lets a consumer read the key, and nothing else', () => {
    const { stack, securityLogs } = embedded();
    securityLogs.key.grantRead(role(stack));
    expect(statements(stack)).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: stack.resolve(securityLogs.key.secret.secretArn),
      },
    ]);
  });

  test('sends announcements of stored logs to a target', () => {
    const { stack, securityLogs } = embedded({ announcements: true });
    securityLogs.onLogStored('ToUs', new SqsQueue(new Queue(stack, 'Ours')));
    const rules = Object.entries(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    const [, rule] = rules.find(([id]) => id.startsWith('SecurityLogsToUs')) ?? [];
    expect(rule?.['Properties'].EventPattern).toEqual({
      source: ['security-logs'],
      'detail-type': ['Security Log Stored'],
    });
  });

  test('refuses such a target where nothing is announced, because it would never be told of a log', () => {
    const { stack, securityLogs } = embedded();
    const target = new SqsQueue(new Queue(stack, 'Ours'));
    expect(() => securityLogs.onLogStored('ToUs', target)).toThrow('set the setting "announcements" to true');
  });

  test('has its table and every alarm of its own', () => {
    const { stack, securityLogs } = embedded(IN_FULL);
    const template = Template.fromStack(stack);
    expect(stack.resolve(securityLogs.table.tableName)).toEqual({
      Ref: Object.keys(template.findResources('AWS::DynamoDB::Table'))[0],
    });
    expect(securityLogs.alarms.map(({ alarmName }) => stack.resolve(alarmName).Ref).sort()).toEqual(
      Object.keys(template.findResources('AWS::CloudWatch::Alarm')).sort(),
    );
  });

  test('refuses a wrong setting by its name', () => {
    expect(() => embedded({ retentionHours: 0 })).toThrow('retentionHours is 0');
  });
});
