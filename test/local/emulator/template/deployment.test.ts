import { describe, expect, test } from 'vitest';
import { SERVICES } from '../../../../local/emulator/services.ts';
import { queueType } from '../../../../local/emulator/sqs/resource.ts';
import type { Template } from '../../../../local/emulator/template/assembly.ts';
import { deploy } from '../../../../local/emulator/template/deployment.ts';

const TYPES = SERVICES.flatMap(({ resourceTypes }) => resourceTypes);
const PLACE = {
  stackName: 'Stack',
  region: 'eu-central-1',
  accountId: '111122223333',
  awsUrl: 'http://127.0.0.1:4566',
  gatewayUrl: 'http://127.0.0.1:3000',
};

const deployed = (template: Partial<Template>) => deploy({ Resources: {}, ...template }, TYPES, PLACE);

/** What a value comes to as an output, beside a queue and a REST API. */
const resolved = (Value: unknown): string | undefined =>
  deployed({
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } },
      Api: { Type: 'AWS::ApiGateway::RestApi' },
    },
    Outputs: { Value: { Value } },
  }).outputs['Value'];

describe('a template on this machine', () => {
  test.each<[unknown, string]>([
    [{ Ref: 'AWS::Region' }, 'eu-central-1'],
    [{ Ref: 'Queue' }, 'http://127.0.0.1:4566/111122223333/events'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-central-1:111122223333:events'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'events'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }]] }, 'a-111122223333'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's placeholders
    [{ 'Fn::Sub': '${AWS::StackName} ${Queue.QueueName} ${!Literal}' }, 'Stack events ${Literal}'],
    [
      {
        'Fn::Join': [
          '',
          ['https://', { Ref: 'Api' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/x'],
        ],
      },
      'http://127.0.0.1:3000/x',
    ],
  ])('%j is %s', (value, expected) => {
    expect(resolved(value)).toBe(expected);
  });

  test('gives a queue the properties AWS gives it by default', () => {
    const [queue] = deployed({ Resources: { Q: { Type: 'AWS::SQS::Queue' } } }).all(queueType);
    expect(queue).toMatchObject({ name: 'Stack-Q', properties: { VisibilityTimeout: 30, DelaySeconds: 0 } });
  });

  test('takes rights, alarms and log groups as they are', () => {
    expect(() =>
      deployed({
        Resources: { Role: { Type: 'AWS::IAM::Role', Properties: { Any: { Ref: 'AWS::Region' } } } },
      }),
    ).not.toThrow();
  });

  test.each<[string, Partial<Template>, string]>([
    [
      'every resource type',
      { Resources: { A: { Type: 'AWS::Kinesis::Stream' }, B: { Type: 'AWS::Batch::JobQueue' } } },
      'resources unknown to the local stack: A (AWS::Kinesis::Stream), B (AWS::Batch::JobQueue)',
    ],
    [
      'a property',
      { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } } } },
      'Q (AWS::SQS::Queue): unknown to the local stack: FifoQueue',
    ],
    [
      'a nested property',
      {
        Resources: {
          R: {
            Type: 'AWS::Events::Rule',
            Properties: { EventBusName: 'b', EventPattern: {}, Targets: [{ Arn: 'a', InputPath: '$' }] },
          },
        },
      },
      'R (AWS::Events::Rule): unknown to the local stack: Targets.0.InputPath',
    ],
    [
      'a value',
      { Resources: { Q: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: 'soon' } } } },
      'Q (AWS::SQS::Queue): DelaySeconds: ',
    ],
    [
      'an intrinsic',
      { Outputs: { O: { Value: { 'Fn::ImportValue': 'x' } } } },
      'output O: the intrinsic function Fn::ImportValue',
    ],
    [
      'a pseudo parameter',
      { Outputs: { O: { Value: { Ref: 'AWS::NoValue' } } } },
      'the template has no resource AWS::NoValue',
    ],
    [
      'a dynamic reference',
      { Outputs: { O: { Value: '{{resolve:ssm:x}}' } } },
      'the dynamic reference {{resolve:ssm:x}}',
    ],
    [
      'a missing resource',
      { Outputs: { O: { Value: { Ref: 'Nobody' } } } },
      'the template has no resource Nobody',
    ],
    [
      'an attribute',
      {
        Resources: { Q: { Type: 'AWS::SQS::Queue' } },
        Outputs: { O: { Value: { 'Fn::GetAtt': ['Q', 'Age'] } } },
      },
      'the attribute Age of Q (AWS::SQS::Queue)',
    ],
    ['a condition', { Resources: { Q: { Type: 'AWS::SQS::Queue', Condition: 'Big' } } }, 'Q (Condition Big)'],
    ['a section', { Mappings: {} }, 'template sections unknown to the local stack: Mappings'],
  ])('%s that is unknown is an error by name', (_, template, message) => {
    expect(() => deployed(template)).toThrow(message);
  });
});
