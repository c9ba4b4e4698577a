import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { SecurityEventBus } from '../../infra/security-event-bus.ts';
import {
  assemblyFolder,
  CONSUMER_PERMISSIONS,
  permissionsOf,
  type Statement,
  synthesize,
} from './synthesize.ts';

const { all, outputs } = synthesize();
const PRODUCERS_ONLY = {
  StringEquals: {
    'events:source': ['easysend.player', 'easysend.builder'],
    'events:detail-type': 'Security Event',
  },
};

describe('permissions', () => {
  test('ingest can put logs, publish, consume its queue and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'ingest')).toEqual({
      'dynamodb:PutItem': 'AWS::DynamoDB::Table',
      'events:PutEvents': 'AWS::Events::EventBus',
      ...CONSUMER_PERMISSIONS,
    });
  });

  test('query can query logs, read the API key and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'query')).toEqual({
      'dynamodb:Query': 'AWS::DynamoDB::Table',
      'secretsmanager:GetSecretValue': 'AWS::SecretsManager::Secret',
      'logs:CreateLogStream': 'AWS::Logs::LogGroup',
      'logs:PutLogEvents': 'AWS::Logs::LogGroup',
    });
  });

  test('no policy of a role has a wildcard, and no role has a managed policy', () => {
    for (const { properties } of all('AWS::IAM::Policy')) {
      expect(JSON.stringify(properties.PolicyDocument.Statement)).not.toContain('*');
    }
    for (const { properties } of all('AWS::IAM::Role')) {
      expect(properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test('ingest publishes in the name of the service only', () => {
    const publishing = all('AWS::IAM::Policy')
      .flatMap(({ properties }): Statement[] => properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'events:PutEvents');
    expect(publishing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'events:source': 'security-logs' } },
    ]);
  });
});

describe('a producer', () => {
  test('of this account is granted the sources and the detail-type of producers', () => {
    const stack = new Stack(
      new App({ builtinCloudFormationValidation: false, outdir: assemblyFolder() }),
      'Producers',
    );
    const producer = new Role(stack, 'Producer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    new SecurityEventBus(stack, 'Bus', { name: 'events', publisherAccounts: [] }).grantPublish(producer);
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::IAM::Policy'));
    expect(policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement)).toMatchObject([
      { Effect: 'Allow', Action: 'events:PutEvents', Condition: PRODUCERS_ONLY },
    ]);
  });

  test('finds the same policy among the outputs, as JSON', () => {
    const [, pieces] = outputs['ProducerPolicy']?.Value['Fn::Join'] ?? [];
    const json = pieces.map((piece: unknown) => (typeof piece === 'string' ? piece : 'THE-BUS')).join('');
    expect(JSON.parse(json)).toMatchObject({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'events:PutEvents', Resource: 'THE-BUS', Condition: PRODUCERS_ONLY },
      ],
    });
  });

  test('of another account is let in by the bus only if the account was named', () => {
    expect(all('AWS::Events::EventBusPolicy')).toEqual([]);
    const policies = synthesize({ publisherAccounts: ['111111111111', '222222222222'] })
      .all('AWS::Events::EventBusPolicy')
      .map(({ properties }) => properties.Statement);
    expect(policies).toMatchObject([
      { Effect: 'Allow', Action: 'events:PutEvents', Condition: PRODUCERS_ONLY },
    ]);
    expect(JSON.stringify(policies[0].Principal)).toMatch(/111111111111.*222222222222/);
  });
});
