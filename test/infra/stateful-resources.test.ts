import { describe, expect, test } from 'vitest';
import { IN_FULL } from './settings-in-full.ts';
import { stackInApp, synthesize } from './synthesize.ts';

const { json, all } = synthesize(IN_FULL);

const idsOf = (...types: string[]): string[] => types.flatMap((type) => all(type).map(({ id }) => id)).sort();

describe('what holds data that exists nowhere else', () => {
  test.each([
    ['every queue', 'AWS::SQS::Queue', 14],
    ['both secrets', 'AWS::SecretsManager::Secret', 2],
    ['the table', 'AWS::DynamoDB::Table', 1],
  ])('%s: kept when the stack is deleted or the resource is replaced', (_, type, count) => {
    const ids = idsOf(type);
    expect(ids).toHaveLength(count);
    for (const id of ids) {
      expect(json['Resources'][id]).toMatchObject({
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });
});

/**
 * CloudFormation knows a resource by its logical id alone, which the CDK makes of the names of the constructs around
 * it. Under another id it is another resource: a new one is made, and the old one is left behind or deleted, with what
 * is in it. Who renames on purpose has to move the data (or import the resource), and then changes the list.
 */
const WHY =
  'a logical id has changed: in a deployed stack, the resource would be replaced by an empty one. Keep the names of its constructs';

describe('every resource that a deployed stack must keep', () => {
  test('has its logical id for good: the table, the bus and the secrets', () => {
    expect(
      idsOf('AWS::DynamoDB::Table', 'AWS::Events::EventBus', 'AWS::SecretsManager::Secret'),
      WHY,
    ).toEqual(['ApiKeySecret127E4672', 'Bus95A03305', 'DeliverySigningSecretFED58C8F', 'LogsTableAAA0555B']);
  });

  test('has its logical id for good: the queues', () => {
    expect(idsOf('AWS::SQS::Queue'), WHY).toEqual([
      'DeliveryQueue6A0D8ED9',
      'DeliveryQueueDeadLettersED443102',
      'DeliveryRetriesDD63EBB3',
      'DeliveryRetriesDeadLettersC9AF24D4',
      'DeliveryStoredLogsDeadLettersF65E6366',
      'FeedResolveQueue837D8578',
      'FeedResolveQueueDeadLetters652A56BD',
      'FeedScheduleDeadLetters823E0CE9',
      'IngestIngestedEventsDeadLetters89CD0E92',
      'IngestQueue95F6DB49',
      'IngestQueueDeadLetters314C1CB9',
      'RejectionsQueue86D3C6BD',
      'RejectionsQueueDeadLetters5418E76C',
      'RejectionsRejectedEventsDeadLetters44B3F028',
    ]);
  });

  test('has its logical id for good: the functions, with their logs, and the API, whose address has it', () => {
    expect(
      idsOf('AWS::Lambda::Function', 'AWS::Logs::LogGroup', 'AWS::ApiGateway::RestApi', 'AWS::SNS::Topic'),
      WHY,
    ).toEqual([
      'AlarmTopicD01E77F9',
      'ApiQueryC7AE3EDF',
      'ApiQueryLogs5F91A899',
      'ApiRest4DEC74FE',
      'DeliveriesFunction0BCEF344',
      'DeliveriesFunctionLogs86078C16',
      'DeliveryFunction8263A102',
      'DeliveryFunctionLogsE4A8B895',
      'FeedFunction843957F7',
      'FeedFunctionLogsABF48BE8',
      'IngestFunctionB02ED0EB',
      'IngestFunctionLogs3AD22061',
      'PageFunctionE41C5FDA',
      'PageFunctionLogs9FDD474E',
      'StatusFunction21B4086A',
      'StatusFunctionLogs6AC215E6',
    ]);
  });
});

describe('termination protection', () => {
  test('is a setting, off by default: what holds data stays in any case', () => {
    expect(stackInApp().terminationProtection).toBe(false);
    expect(stackInApp({ terminationProtection: true }).terminationProtection).toBe(true);
  });
});
