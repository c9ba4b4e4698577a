import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LONGEST_TURN, throughputOf } from '../../infra/delivery-throughput.ts';
import { permissionsOf, statementsOf, synthesize } from './synthesize.ts';

const service = { type: 'https' as const, url: 'https://siem.example/logs' };
const stackWith = (limits: object) =>
  synthesize({ delivery: { method: 'api-and-custom-service', service, ...limits } });
const mappingsOf = ({ all }: ReturnType<typeof synthesize>) =>
  all('AWS::Lambda::EventSourceMapping')
    .filter(({ id }) => id.startsWith('Delivery'))
    .map(({ properties }) => properties);

test('never hands over more logs at the same time than was said, nor more than have their turn in time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 1000 }),
      fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
      (concurrency, requestsPerSecond) => {
        const { batchSize, maxConcurrency } = throughputOf({ concurrency, requestsPerSecond });
        const atOnce = 2 * batchSize * maxConcurrency;
        expect(batchSize).toBeGreaterThanOrEqual(1);
        expect(batchSize).toBeLessThanOrEqual(10);
        expect(maxConcurrency).toBeGreaterThanOrEqual(2);
        expect(atOnce).toBeLessThanOrEqual(concurrency);
        if (requestsPerSecond !== undefined)
          expect(atOnce / requestsPerSecond).toBeLessThanOrEqual(LONGEST_TURN.toSeconds());
      },
    ),
  );
});

describe('a stack', () => {
  test('without limits is as before', () => {
    for (const properties of mappingsOf(stackWith({})))
      expect(properties).toMatchObject({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 50 } });
  });

  test('with a rate has as many processes as it needs, more time for its function, and may reserve turns', () => {
    const paced = stackWith({ requestsPerSecond: 1 });
    for (const properties of mappingsOf(paced))
      expect(properties).toMatchObject({ BatchSize: 2, ScalingConfig: { MaximumConcurrency: 2 } });
    const [fn] = paced.all('AWS::Lambda::Function').filter(({ id }) => id.startsWith('DeliveryFunction'));
    const longestWait = LONGEST_TURN.toSeconds();
    expect(fn?.properties.Timeout).toBe(40 + longestWait);
    for (const { id, properties } of paced.all('AWS::SQS::Queue')) {
      if (/^Delivery(Queue|Retries)(?!DeadLetters)/.test(id))
        expect(properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * fn?.properties.Timeout);
    }
    const turns = statementsOf(paced.all, 'deliver').filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes('pace#*'),
    );
    expect(turns).toMatchObject([{ Action: 'dynamodb:UpdateItem' }]);
  });

  test('never says whether the delivery is on: a deployment leaves a pause as it is', () => {
    for (const stack of [stackWith({}), stackWith({ concurrency: 8, requestsPerSecond: 5 })]) {
      expect(mappingsOf(stack)).toHaveLength(2);
      for (const properties of mappingsOf(stack)) expect(properties).not.toHaveProperty('Enabled');
    }
  });
});

test('an operator may switch the two mappings, send to the retry queue, and take dead letters, and no more', () => {
  const stack = stackWith({});
  const [policy] = stack.all('AWS::IAM::ManagedPolicy');
  const allowed: Record<string, string> = {};
  for (const { Action, Resource } of policy?.properties.PolicyDocument.Statement ?? [])
    for (const action of [Action].flat()) allowed[action] = JSON.stringify(Resource);
  const ids = (action: string) =>
    [...(allowed[action] ?? '').matchAll(/"(Delivery\w+?)[0-9A-F]{8}"/g)].map(([, id]) => id).sort();
  expect(Object.keys(allowed).sort()).toEqual([
    'lambda:GetEventSourceMapping',
    'lambda:InvokeFunction',
    'lambda:ListEventSourceMappings',
    'lambda:ListFunctions',
    'lambda:UpdateEventSourceMapping',
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:GetQueueUrl',
    'sqs:ListDeadLetterSourceQueues',
    'sqs:ListMessageMoveTasks',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
    'sqs:StartMessageMoveTask',
  ]);
  expect(
    Object.entries(allowed)
      .filter(([, resource]) => resource === '"*"')
      .map(([action]) => action),
  ).toEqual(['lambda:ListEventSourceMappings', 'lambda:ListFunctions']);
  expect(allowed['lambda:UpdateEventSourceMapping']?.match(/DeliveryFunctionSqsEventSource/g)).toHaveLength(
    2,
  );
  expect(ids('lambda:InvokeFunction')).toEqual(['DeliveryFunction']);
  expect(ids('sqs:SendMessage')).toEqual(['DeliveryQueue', 'DeliveryRetries']);
  expect(ids('sqs:DeleteMessage')).toEqual(['DeliveryQueueDeadLetters', 'DeliveryRetriesDeadLetters']);
  expect(stack.all('AWS::IAM::Role').flatMap(({ properties }) => properties.ManagedPolicyArns ?? [])).toEqual(
    [],
  );
  expect(stack.outputs).toHaveProperty('DeliveryOperatorPolicyArn');
  expect(permissionsOf(stack.all, 'deliver')).not.toHaveProperty('lambda:UpdateEventSourceMapping');
});
