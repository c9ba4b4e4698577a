import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { describe, expect, test } from 'vitest';
import { SecurityEventBus } from '../../infra/security-event-bus.ts';
import { APPLICATIONS } from '../../shared/event/bus-events.ts';
import { keyRanges } from '../../shared/store/log-key.ts';
import { FEED_PARTITIONS } from '../../shared/store/log-table.ts';
import { EVERY_VARIANT } from './every-variant.ts';
import { IN_FULL } from './settings-in-full.ts';
import {
  assemblyFolder,
  CONSUMER_PERMISSIONS,
  named,
  permissionsOf,
  READER_PERMISSIONS,
  type Statement,
  statementsOf,
  synthesize,
  target,
} from './synthesize.ts';

const { all, outputs } = synthesize();

/** The types of resources with statements that allow something. */
const POLICY_TYPES = [
  'AWS::IAM::Policy',
  'AWS::IAM::ManagedPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::Events::EventBusPolicy',
];

const NO_RESOURCE = /^"\*"$/;
const ofEc2 = {
  resource: NO_RESOURCE,
  why: 'Lambda makes the interfaces of a function in a VPC: none exists yet, and EC2 describes all or none.',
};
const ofListing = { resource: NO_RESOURCE, why: 'Lambda knows no resource for listing.' };
const ofXRay = { resource: NO_RESOURCE, why: 'X-Ray knows no resource for a trace.' };

/** The wildcards of the stack: by the action, on which resource, and why. */
const WILDCARDS: Readonly<Record<string, { readonly resource: RegExp; readonly why: string }>> = {
  'ec2:CreateNetworkInterface': ofEc2,
  'ec2:DescribeNetworkInterfaces': ofEc2,
  'ec2:DescribeSubnets': ofEc2,
  'ec2:DeleteNetworkInterface': ofEc2,
  'ec2:AssignPrivateIpAddresses': ofEc2,
  'ec2:UnassignPrivateIpAddresses': ofEc2,
  'lambda:ListFunctions': ofListing,
  'lambda:ListEventSourceMappings': ofListing,
  'xray:PutTraceSegments': ofXRay,
  'xray:PutTelemetryRecords': ofXRay,
  's3:PutObject': {
    resource: /":s3:::the-bucket\/security-logs\/\*"/,
    why: 'The files get their names from their logs, below the prefix of the settings.',
  },
};
const PRODUCERS_ONLY = {
  StringEquals: {
    'events:source': ['easysend.player', 'easysend.builder'],
    'events:detail-type': 'Security Event',
  },
};

describe('permissions', () => {
  test('ingest can put logs, resolve slots, publish, consume its queues and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'ingest')).toEqual({
      'dynamodb:PutItem': 'AWS::DynamoDB::Table',
      'dynamodb:PartiQLInsert': 'AWS::DynamoDB::Table',
      'dynamodb:Query': 'AWS::DynamoDB::Table',
      'dynamodb:GetItem': 'AWS::DynamoDB::Table',
      'dynamodb:UpdateItem': 'AWS::DynamoDB::Table',
      'events:PutEvents': 'AWS::Events::EventBus',
      ...CONSUMER_PERMISSIONS,
    });
  });

  test('query can query logs, read the API key and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'query')).toEqual(READER_PERMISSIONS);
  });

  test('feed can read the feed, ask for resolving, read the API key and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'feed')).toEqual({
      'dynamodb:GetItem': 'AWS::DynamoDB::Table',
      'sqs:SendMessage': 'AWS::SQS::Queue',
      ...READER_PERMISSIONS,
    });
  });

  test('deliveries can query, read the API key and write its log, and nothing else', () => {
    expect(permissionsOf(all, 'deliveries')).toEqual(READER_PERMISSIONS);
  });

  test('status can read the feed, count messages, read the API key and write its log, and nothing else', () => {
    const counting = {
      'dynamodb:GetItem': 'AWS::DynamoDB::Table',
      'sqs:GetQueueAttributes': 'AWS::SQS::Queue',
      ...READER_PERMISSIONS,
    };
    expect(permissionsOf(all, 'status')).toEqual(counting);
    expect(permissionsOf(synthesize(IN_FULL).all, 'status')).toMatchObject({
      'sqs:GetQueueAttributes': 'AWS::SQS::Queue',
      'lambda:GetEventSourceMapping': expect.anything(),
    });
    expect(tableConditions('status')).toEqual({
      'dynamodb:Query': [FEED_ONLY],
      'dynamodb:GetItem': [FEED_ONLY],
    });
  });

  /** Under which conditions a function may do what it does to the table: each condition as JSON, by action. */
  const tableConditions = (name: string, of = all): Record<string, string[]> => {
    const conditions: Record<string, string[]> = {};
    for (const { Action, Condition } of statementsOf(of, name)) {
      for (const action of [Action].flat().filter((each) => each.startsWith('dynamodb:'))) {
        conditions[action] = [...(conditions[action] ?? []), JSON.stringify(Condition) ?? 'none'];
      }
    }
    return conditions;
  };
  const FEED_ONLY = '{"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["feed#*"]}}';

  test('feed reads the partitions of the feed, and no log by itself', () => {
    expect(tableConditions('feed')).toEqual({
      'dynamodb:Query': [FEED_ONLY],
      'dynamodb:GetItem': [FEED_ONLY],
    });
  });

  test('ingest reads and counts in the partitions of the feed alone, and puts logs as well', () => {
    expect(tableConditions('ingest')).toEqual({
      'dynamodb:PutItem': ['none'],
      'dynamodb:PartiQLInsert': ['none'],
      'dynamodb:Query': [FEED_ONLY],
      'dynamodb:GetItem': [FEED_ONLY],
      'dynamodb:UpdateItem': [FEED_ONLY],
    });
  });

  test('deliveries reads the keys, the times and the records of logs, and no document', () => {
    expect(tableConditions('deliveries')).toEqual({
      'dynamodb:Query': [
        '{"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","createdAt","expiresAt","action","rid","delivery"]},' +
          '"StringEqualsIfExists":{"dynamodb:Select":"SPECIFIC_ATTRIBUTES"}}',
      ],
    });
  });

  test('deliver reads single logs, and writes the record of a delivery alone', () => {
    expect(tableConditions('deliver', synthesize(IN_FULL).all)).toEqual({
      'dynamodb:GetItem': ['none'],
      'dynamodb:UpdateItem': [
        '{"ForAllValues:StringEquals":{"dynamodb:Attributes":["pk","sk","action","delivery"]},' +
          '"StringEqualsIfExists":{"dynamodb:ReturnValues":"NONE"}}',
      ],
    });
  });

  test('no log is in a partition of the feed', () => {
    for (const application of APPLICATIONS) {
      for (const { partitionKey } of keyRanges({ from: 0, until: 1 }, [application])) {
        expect(partitionKey.startsWith(FEED_PARTITIONS)).toBe(false);
      }
    }
  });

  test('no policy of a role has a wildcard for what it allows, and no role has a managed policy', () => {
    for (const { properties } of all('AWS::IAM::Policy')) {
      for (const { Action, Resource } of properties.PolicyDocument.Statement as Statement[]) {
        expect(JSON.stringify([Action, Resource])).not.toContain('*');
      }
    }
    for (const { properties } of all('AWS::IAM::Role')) {
      expect(properties.ManagedPolicyArns).toBeUndefined();
    }
  });

  test.each(Object.entries(EVERY_VARIANT))(
    'with %s, each wildcard of a policy is explained',
    (_, settings) => {
      const stack = synthesize(settings);
      const policies = POLICY_TYPES.flatMap((type) => stack.all(type)).map(({ properties }) => properties);
      const statements = policies.flatMap((policy): Statement[] =>
        [policy.PolicyDocument?.Statement ?? policy.Statement ?? []].flat(),
      );
      expect(statements.length).toBeGreaterThan(10);
      const allowed = statements.filter(({ Effect }) => Effect === 'Allow');
      for (const { Action, Resource } of allowed) {
        const actions = [Action].flat();
        expect(actions.filter((action) => action.includes('*'))).toEqual([]);
        for (const resource of [Resource].flat().map((each) => JSON.stringify(each ?? null))) {
          const unexplained = resource.includes('*')
            ? actions.filter((action) => !WILDCARDS[action]?.resource.test(resource))
            : [];
          expect(unexplained, `${resource} is a wildcard that nothing here explains`).toEqual([]);
        }
      }
    },
  );

  test('ingest publishes in the name of the service only', () => {
    const publishing = all('AWS::IAM::Policy')
      .flatMap(({ properties }): Statement[] => properties.PolicyDocument.Statement)
      .filter(({ Action }) => Action === 'events:PutEvents');
    expect(publishing.map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { 'events:source': 'security-logs' } },
    ]);
  });
});

describe('the name of the service on the bus', () => {
  test('is denied to everyone but the functions that may announce, whatever their own policies allow', () => {
    const denying = all('AWS::Events::EventBusPolicy').map(({ properties }) => properties.Statement);
    const ingest = named(all('AWS::Lambda::Function'), 'IngestFunction').properties;
    expect(denying).toEqual([
      {
        Sid: 'cdk-ServiceSourceIsReserved',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'events:PutEvents',
        Resource: expect.anything(),
        Condition: {
          StringEquals: { 'events:source': 'security-logs' },
          ArnNotEquals: { 'aws:PrincipalArn': [ingest.Role] },
        },
      },
    ]);
    expect(target(denying[0].Resource)).toBe(all('AWS::Events::EventBus')[0]?.id);
    expect(permissionsOf(all, 'ingest')).toHaveProperty('events:PutEvents');
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
    const allowing = (stack: ReturnType<typeof synthesize>) =>
      stack
        .all('AWS::Events::EventBusPolicy')
        .map(({ properties }) => properties.Statement)
        .filter(({ Effect }) => Effect === 'Allow');
    expect(allowing(synthesize())).toEqual([]);
    const policies = allowing(synthesize({ publisherAccounts: ['111111111111', '222222222222'] }));
    expect(policies).toMatchObject([
      { Effect: 'Allow', Action: 'events:PutEvents', Condition: PRODUCERS_ONLY },
    ]);
    expect(JSON.stringify(policies[0].Principal)).toMatch(/111111111111.*222222222222/);
  });

  test('of another account is let in by a policy whose logical id stays', () => {
    const ids = synthesize({ publisherAccounts: ['222222222222'] })
      .all('AWS::Events::EventBusPolicy')
      .map(({ id, properties }) => [id, properties.StatementId]);
    expect(ids).toContainEqual(['BuscdkPublisherAccounts86655910', 'cdk-PublisherAccounts']);
  });
});
