import { describe, expect, test } from 'vitest';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { IN_FULL, keyArn, VPC } from './settings-in-full.ts';
import { named, permissionsOf, statementsOf, synthesize } from './synthesize.ts';

type Delivery = Extract<NonNullable<SettingsInput['delivery']>, { method: 'api-and-custom-service' }>;

const SECRET = 'arn:aws:secretsmanager:eu-central-1:111111111111:secret:siem-token-AbCdEf';
const QUEUE_KEY = keyArn('queues');

const delivering = (service: Delivery['service'], settings: SettingsInput = {}) =>
  synthesize({ ...settings, delivery: { method: 'api-and-custom-service', service } });

/** What a role may do with each key, by the key's ARN. */
function keyActions({ all }: ReturnType<typeof synthesize>, name: string): Record<string, string[]> {
  const granted: Record<string, string[]> = {};
  for (const { Action, Resource } of statementsOf(all, name)) {
    const kms = [Action].flat().filter((action) => action.startsWith('kms:'));
    for (const key of [Resource].flat() as unknown as string[]) {
      if (kms.length > 0) granted[key] = [...new Set([...(granted[key] ?? []), ...kms])].sort();
    }
  }
  return granted;
}

describe('a key of the customer on the queues', () => {
  const stack = synthesize({ ...IN_FULL, queueKmsKeyArn: QUEUE_KEY });
  const queues = stack.all('AWS::SQS::Queue');

  test('encrypts every queue, with its dead letters', () => {
    expect(queues).toHaveLength(14);
    for (const { properties } of queues) {
      expect(properties.KmsMasterKeyId).toBe(QUEUE_KEY);
      expect(properties.SqsManagedSseEnabled).toBeUndefined();
    }
  });

  test('may be used by each function as it uses its queue: to receive, and to send where it sends', () => {
    expect(keyActions(stack, 'ingest')).toEqual({ [QUEUE_KEY]: ['kms:Decrypt'] });
    expect(keyActions(stack, 'deliver')).toEqual({ [QUEUE_KEY]: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    expect(keyActions(stack, 'feed')).toEqual({ [QUEUE_KEY]: ['kms:Decrypt', 'kms:GenerateDataKey'] });
    expect(keyActions(stack, 'query')).toEqual({});
  });

  test('changes nothing about who may send: EventBridge, for the one rule', () => {
    const policies = ({ all }: ReturnType<typeof synthesize>) => all('AWS::SQS::QueuePolicy');
    expect(policies(stack)).toEqual(policies(synthesize(IN_FULL)));
  });

  test('is not there by default', () => {
    for (const { properties } of synthesize(IN_FULL).all('AWS::SQS::Queue')) {
      expect(properties.KmsMasterKeyId).toBeUndefined();
    }
  });
});

describe("a key of the customer on a header's secret", () => {
  test('may be used to read it, and the secret is read by its ARN', () => {
    const url = 'https://siem.example/logs';
    const stack = delivering({
      type: 'https',
      url,
      headers: {
        Authorization: { secretArn: SECRET, kmsKeyArn: keyArn('secrets') },
        'X-Tenant': { secretArn: `${SECRET}2`, kmsKeyArn: keyArn('secrets') },
      },
    });
    expect(keyActions(stack, 'deliver')).toEqual({ [keyArn('secrets')]: ['kms:Decrypt'] });
    const { 'secretsmanager:GetSecretValue': secrets } = permissionsOf(stack.all, 'deliver');
    expect(secrets).toContain(SECRET);
    expect(secrets).not.toContain('kmsKeyArn');
  });
});

describe('a key of the customer on the bucket', () => {
  test('may be used to write a file', () => {
    const bucket = { type: 'file-store', bucket: 'the-bucket', kmsKeyArn: keyArn('bucket') } as const;
    expect(keyActions(delivering(bucket), 'deliver')).toEqual({
      [keyArn('bucket')]: ['kms:Decrypt', 'kms:GenerateDataKey'],
    });
  });

  test('and its owner are told to the function', () => {
    const bucket = {
      type: 'file-store',
      bucket: 'the-bucket',
      bucketOwner: '222222222222',
      kmsKeyArn: keyArn('bucket'),
    } as const;
    const { DELIVERY } = named(delivering(bucket).all('AWS::Lambda::Function'), 'Delivery').properties
      .Environment.Variables;
    expect(JSON.parse(DELIVERY).service).toMatchObject(bucket);
  });
});

describe('a VPC', () => {
  const EC2 = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const stack = synthesize(IN_FULL);

  test('holds the function that calls the custom service, and no other', () => {
    const inVpc = stack
      .all('AWS::Lambda::Function')
      .filter(({ properties }) => properties.VpcConfig !== undefined);
    expect(inVpc.map(({ properties }) => properties.VpcConfig)).toEqual([
      { SubnetIds: VPC.subnetIds, SecurityGroupIds: VPC.securityGroupIds },
    ]);
    expect(inVpc[0]?.id).toMatch(/^DeliveryFunction/);
  });

  test('gives its role the actions that Lambda asks for, and the role of a function outside of it none', () => {
    const ec2 = (name: string, all = stack.all) =>
      Object.keys(permissionsOf(all, name)).filter((action) => action.startsWith('ec2:'));
    expect(ec2('deliver').sort()).toEqual([...EC2].sort());
    expect(ec2('ingest')).toEqual([]);
    expect(ec2('deliver', delivering({ type: 'lambda', functionArn: FUNCTION }).all)).toEqual([]);
  });

  test('is no business of the function itself', () => {
    const { DELIVERY } = named(stack.all('AWS::Lambda::Function'), 'Delivery').properties.Environment
      .Variables;
    expect(JSON.parse(DELIVERY)).not.toHaveProperty('vpc');
  });
});

const FUNCTION = 'arn:aws:lambda:eu-central-1:111111111111:function:to-siem';
