import { describe, expect, test } from 'vitest';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { keyArn, VPC } from './settings-in-full.ts';
import { named, permissionsOf, statementsOf, synthesize, target } from './synthesize.ts';

type Service = Extract<NonNullable<SettingsInput['delivery']>, { service: unknown }>['service'];

const archiving = (
  others: Partial<Extract<Service, { type: 'file-store' }>> = {},
  more: SettingsInput = {},
) =>
  synthesize({
    ...more,
    delivery: {
      method: 'api-and-custom-service',
      service: { type: 'file-store', bucket: 'the-bucket', prefix: 'logs/', batch: {}, ...others },
      vpc: VPC,
    },
  });

const stack = archiving();
const fn = named(stack.all('AWS::Lambda::Function'), 'ArchiveFunction');
const alarmsOn = (metric: string) =>
  stack
    .all('AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties)
    .filter(({ MetricName }) => MetricName === metric);

describe('files of many logs', () => {
  test('are written by a function of their own, instead of delivering each log', () => {
    expect(Object.keys(stack.json['Resources']).filter((id) => id.startsWith('Delivery'))).toEqual([]);
    expect(Object.keys(stack.outputs).filter((name) => name.startsWith('Delivery'))).toEqual([]);
    const ingest = named(stack.all('AWS::Lambda::Function'), 'IngestFunction');
    expect(ingest.properties.Environment.Variables.ANNOUNCE_STORED_LOGS).toBe('false');
  });

  test('are not there unless they were chosen', () => {
    const others = [synthesize(), archiving({ batch: undefined })];
    for (const { json } of others)
      expect(Object.keys(json['Resources']).filter((id) => id.startsWith('Archive'))).toEqual([]);
  });

  test('begin each minute', () => {
    const rule = named(stack.all('AWS::Events::Rule'), 'ArchiveSchedule');
    expect(rule.properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    expect(rule.properties.Targets.map(({ Arn }: { Arn: never }) => target(Arn))).toEqual([fn.id]);
    const permissions = stack.all('AWS::Lambda::Permission').map(({ properties }) => properties);
    expect(permissions.filter(({ Principal }) => Principal === 'events.amazonaws.com')).toMatchObject([
      { Action: 'lambda:InvokeFunction', SourceArn: { 'Fn::GetAtt': [rule.id, 'Arn'] } },
    ]);
  });

  test('have the bounds of the settings', () => {
    expect(fn.properties.Environment.Variables).toMatchObject({
      TABLE_NAME: { Ref: named(stack.all('AWS::DynamoDB::Table'), 'Logs').id },
      RETENTION_HOURS: '48',
      MAX_BATCH_BYTES: '64000000',
      MAX_BATCH_AGE_MS: '300000',
    });
    const others = archiving({ batch: { maxMegabytes: 2, maxAgeSeconds: 60, compression: 'zstd' } });
    const { Variables } = named(others.all('AWS::Lambda::Function'), 'ArchiveFunction').properties
      .Environment;
    expect(Variables).toMatchObject({ MAX_BATCH_BYTES: '2000000', MAX_BATCH_AGE_MS: '60000' });
    expect(JSON.parse(Variables.DELIVERY).service.batch.compression).toBe('zstd');
  });

  test('are written from the VPC of the settings, by a function that has time for the largest', () => {
    expect(fn.properties.VpcConfig).toEqual({
      SubnetIds: VPC.subnetIds,
      SecurityGroupIds: VPC.securityGroupIds,
    });
    expect(fn.properties.Timeout).toBeGreaterThanOrEqual(45 + 20 + 20 + 30);
  });

  test('let the function read the feed, keep its own state, and put objects below the prefix, and nothing else', () => {
    const { 's3:PutObject': objects, ...others } = permissionsOf(stack.all, 'archive');
    expect(objects).toContain(':s3:::the-bucket/logs/*');
    expect(
      Object.keys(others)
        .filter((action) => !action.startsWith('ec2:'))
        .sort(),
    ).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ]);
    const keys = statementsOf(stack.all, 'archive').flatMap(({ Action, Condition }) =>
      [Action]
        .flat()
        .filter((action) => action.startsWith('dynamodb:'))
        .map((action) => `${action} ${Object.values(Condition?.['ForAllValues:StringLike'] ?? {})}`),
    );
    expect(keys.sort()).toEqual([
      'dynamodb:GetItem archive#state',
      'dynamodb:GetItem feed#*',
      'dynamodb:PutItem archive#state',
      'dynamodb:Query feed#*',
    ]);
  });

  test('may be encrypted with a key of the customer', () => {
    const key = keyArn('bucket');
    expect(permissionsOf(archiving({ kmsKeyArn: key }).all, 'archive')).toMatchObject({
      'kms:GenerateDataKey': JSON.stringify(key),
      'kms:Decrypt': JSON.stringify(key),
    });
  });

  test('raise an alarm when they are late, when nobody looks, and when logs are missing', () => {
    const dimension = { Name: 'service', Value: fn.properties.Environment.Variables.POWERTOOLS_SERVICE_NAME };
    const [late, stalled] = alarmsOn('ArchiveAge');
    expect(late).toMatchObject({ Threshold: 300 + 15 * 60, Statistic: 'Maximum', Dimensions: [dimension] });
    expect(stalled).toMatchObject({
      Statistic: 'SampleCount',
      TreatMissingData: 'breaching',
      EvaluationPeriods: 15,
    });
    for (const metric of ['ArchiveMissing', 'ArchiveGaps'])
      expect(alarmsOn(metric)).toMatchObject([{ Threshold: 0, Dimensions: [dimension] }]);
    expect(alarmsOn('Errors').filter(({ Dimensions }) => target(Dimensions[0].Value) === fn.id)).toHaveLength(
      1,
    );
  });
});

describe('the settings', () => {
  test('allow no wait of more than half the lifetime of logs', () => {
    const batch = { maxAgeSeconds: 3600 };
    expect(() => archiving({ batch }, { retentionHours: 1 })).toThrow(
      'delivery.service.batch.maxAgeSeconds is 3600; accepted: at most half of retentionHours',
    );
    expect(() => archiving({ batch }, { retentionHours: 2 })).not.toThrow();
  });

  test.each([
    [{ maxMegabytes: 0 }, 'maxMegabytes'],
    [{ maxMegabytes: 129 }, 'maxMegabytes'],
    [{ maxAgeSeconds: 59 }, 'maxAgeSeconds'],
    [{ maxAgeSeconds: 3601 }, 'maxAgeSeconds'],
    [{ compression: 'br' as never }, 'compression'],
  ])('refuse %j', (batch, name) => {
    expect(() => archiving({ batch })).toThrow(`delivery.service.batch.${name} is`);
  });

  test('may switch announcements on or off: files of many logs need none', () => {
    for (const announcements of [true, false]) {
      const { all } = archiving({}, { announcements });
      const ingest = named(all('AWS::Lambda::Function'), 'IngestFunction');
      expect(ingest.properties.Environment.Variables.ANNOUNCE_STORED_LOGS).toBe(String(announcements));
    }
  });
});
