import { describe, expect, test } from 'vitest';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { VPC } from './settings-in-full.ts';
import { LOG_PERMISSIONS, named, permissionsOf, statementsOf, synthesize, target } from './synthesize.ts';

const stack = synthesize({ canary: { everyMinutes: 5 } });
const fn = named(stack.all('AWS::Lambda::Function'), 'CanaryFunction');
const variables = (settings: SettingsInput) =>
  named(synthesize(settings).all('AWS::Lambda::Function'), 'CanaryFunction').properties.Environment.Variables;

describe('the canary', () => {
  test('is not there by default', () => {
    const ids = Object.keys(synthesize().json['Resources']);
    expect(ids.filter((id) => id.startsWith('Canary'))).toEqual([]);
  });

  test('runs as often as the settings say', () => {
    const rule = named(stack.all('AWS::Events::Rule'), 'CanarySchedule').properties;
    expect(rule).toMatchObject({ ScheduleExpression: 'rate(5 minutes)', State: 'ENABLED' });
    expect(rule.Targets.map(({ Arn }: { Arn: never }) => target(Arn))).toEqual([fn.id]);
  });

  test('may publish as a producer and read the key, and nothing else: it has no way to the table', () => {
    expect(permissionsOf(stack.all, 'canary')).toEqual({
      'events:PutEvents': 'AWS::Events::EventBus',
      'secretsmanager:GetSecretValue': 'AWS::SecretsManager::Secret',
      ...LOG_PERMISSIONS,
    });
    const [publishing] = statementsOf(stack.all, 'canary').filter(
      ({ Action }) => Action === 'events:PutEvents',
    );
    expect(publishing?.Condition).toEqual({
      StringEquals: {
        'events:source': ['easysend.player', 'easysend.builder'],
        'events:detail-type': 'Security Event',
      },
    });
  });

  test('asks the API that the outputs name', () => {
    const { API_URL, FEED_URL } = fn.properties.Environment.Variables;
    expect([API_URL, FEED_URL]).toEqual([stack.outputs['ApiUrl']?.Value, stack.outputs['FeedUrl']?.Value]);
  });

  test('gives up before its function ends, and its function before the next run', () => {
    const { READABLE_WITHIN_MS } = fn.properties.Environment.Variables;
    expect(Number(READABLE_WITHIN_MS)).toBeLessThan(1000 * fn.properties.Timeout);
    expect(fn.properties.Timeout).toBeLessThanOrEqual(60);
  });

  test('publishes an action that the settings choose, and a failed authentication only if they choose nothing else', () => {
    const canary = { everyMinutes: 5 };
    expect(variables({ canary }).ACTION).toBe('OPENED');
    expect(variables({ canary, events: ['Authentication', 'COMPLETED'] }).ACTION).toBe('COMPLETED');
    expect(variables({ canary, events: ['Authentication'] }).ACTION).toBe(
      'CheckAuthResponseAuthenticationSucceed',
    );
    expect(variables({ canary, events: ['CheckAuthResponseAuthenticationFailed'] }).ACTION).toBe(
      'CheckAuthResponseAuthenticationFailed',
    );
  });

  test.each(['Window', 'Feed'])(
    'raises an alarm when its log is late three times in the %s, or never comes',
    (way) => {
      const alarms = stack
        .all('AWS::CloudWatch::Alarm')
        .map(({ properties }) => properties)
        .filter(({ MetricName }) => MetricName === `${way}Freshness`);
      expect(alarms).toMatchObject([
        {
          Namespace: 'SecurityLogs',
          Dimensions: [{ Name: 'service', Value: 'canary' }],
          Statistic: 'Maximum',
          Threshold: 30,
          ComparisonOperator: 'GreaterThanThreshold',
          Period: 300,
          EvaluationPeriods: 3,
          TreatMissingData: 'breaching',
        },
      ]);
      expect(1000 * alarms[0]?.Threshold).toBeLessThan(
        Number(fn.properties.Environment.Variables.READABLE_WITHIN_MS),
      );
    },
  );

  test('is on the dashboard', () => {
    const [dashboard] = stack.all('AWS::CloudWatch::Dashboard');
    for (const metric of ['WindowFreshness', 'FeedFreshness', 'CanaryFailed'])
      expect(JSON.stringify(dashboard)).toContain(metric);
  });
});

describe('an API that does not answer every address', () => {
  const allowedAddresses = ['198.51.100.0/24'];
  const vpcEndpointIds = ['vpce-0123456789abcdef0'];

  test.each([{ allowedAddresses }, { vpcEndpointIds }])('needs a canary in a VPC: %j', (api) => {
    expect(() => synthesize({ api, canary: { everyMinutes: 5 } })).toThrow(
      'canary.vpc is missing; accepted: { "subnetIds"',
    );
    const { all } = synthesize({ api, canary: { everyMinutes: 5, vpc: VPC } });
    expect(named(all('AWS::Lambda::Function'), 'CanaryFunction').properties.VpcConfig).toEqual({
      SubnetIds: VPC.subnetIds,
      SecurityGroupIds: VPC.securityGroupIds,
    });
  });

  test('needs a firewall with room for the canary', () => {
    const withRoom = (requestsPerFiveMinutes: number, everyMinutes: number) => () =>
      synthesize({ api: { firewall: { requestsPerFiveMinutes } }, canary: { everyMinutes } });
    expect(withRoom(299, 1)).toThrow('api.firewall.requestsPerFiveMinutes is 299; accepted: at least 60');
    expect(withRoom(300, 1)).not.toThrow();
    expect(withRoom(59, 60)).toThrow('api.firewall.requestsPerFiveMinutes is 59');
    expect(withRoom(60, 60)).not.toThrow();
  });
});
