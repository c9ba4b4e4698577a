import { expect, test } from 'vitest';
import { templateChanges } from '../../../local/dev/template-changes.ts';
import type { Template } from '../../../local/emulator/template/assembly.ts';

const queue = (properties: object, more: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { VisibilityTimeout: 60, RedrivePolicy: { maxReceiveCount: 3 }, ...properties },
  ...more,
});
const changes = (before: object, after: object): string[] =>
  templateChanges({ Resources: {}, ...before } as Template, { Resources: {}, ...after } as Template);

test('the same template has no changes', () => {
  expect(changes({ Resources: { Queue: queue({}) } }, { Resources: { Queue: queue({}) } })).toEqual([]);
});

test('each property that has changed is named by its path, with the id and the type of its resource', () => {
  const after = queue({ VisibilityTimeout: 90, RedrivePolicy: { maxReceiveCount: 4 }, Tags: ['new'] });
  expect(changes({ Resources: { Queue: queue({}) } }, { Resources: { Queue: after } })).toEqual([
    'changed Queue (AWS::SQS::Queue): VisibilityTimeout',
    'changed Queue (AWS::SQS::Queue): RedrivePolicy.maxReceiveCount',
    'changed Queue (AWS::SQS::Queue): Tags',
  ]);
});

test('a resource that comes, goes, or becomes another type is named whole', () => {
  const topic = { Type: 'AWS::SNS::Topic' };
  expect(
    changes({ Resources: { Old: queue({}), Other: queue({}) } }, { Resources: { Other: topic, New: topic } }),
  ).toEqual([
    'removed Old (AWS::SQS::Queue)',
    'removed Other (AWS::SQS::Queue)',
    'added   Other (AWS::SNS::Topic)',
    'added   New (AWS::SNS::Topic)',
  ]);
});

test('outputs and what stands beside the properties are compared, too', () => {
  expect(
    changes(
      { Resources: { Queue: queue({}) }, Outputs: { Url: { Value: 'a' } } },
      { Resources: { Queue: queue({}, { DeletionPolicy: 'Retain' }) }, Outputs: { Url: { Value: 'b' } } },
    ),
  ).toEqual(['changed Queue (AWS::SQS::Queue): DeletionPolicy', 'changed Url (Outputs): Value']);
});

test('the code of functions and metadata are no changes', () => {
  const fn = (key: string) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Key: key } },
    Metadata: { 'aws:asset:path': key },
  });
  expect(changes({ Resources: { Fn: fn('a') } }, { Resources: { Fn: fn('b') } })).toEqual([]);
});
