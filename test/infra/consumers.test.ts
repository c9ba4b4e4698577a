import { describe, expect, test } from 'vitest';
import type { SettingsInput } from '../../shared/settings/schema.ts';
import { named, synthesize } from './synthesize.ts';

const stack = synthesize({
  consumers: [{ key: 'siem' }, { key: 'team', silentAfterMinutes: 90, behindAfterMinutes: 600 }],
});
const alarmsOn = (metric: string, { all } = stack) =>
  all('AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties)
    .filter(({ MetricName }) => MetricName === metric);
const dimensions = (key: string) => [
  { Name: 'key', Value: key },
  { Name: 'service', Value: 'consumers' },
];

describe('a registered consumer', () => {
  test('raises an alarm when it has read nothing for as long as the settings say', () => {
    const silent = { Statistic: 'SampleCount', Period: 60, Threshold: 1, TreatMissingData: 'breaching' };
    expect(alarmsOn('Reads')).toMatchObject([
      { ...silent, Dimensions: dimensions('siem'), EvaluationPeriods: 60 },
      { ...silent, Dimensions: dimensions('team'), EvaluationPeriods: 90 },
    ]);
  });

  test('raises an alarm when logs may expire before it reads them', () => {
    const behind = { Statistic: 'Maximum', ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 };
    expect(alarmsOn('Behind')).toMatchObject([
      { ...behind, Dimensions: dimensions('siem'), Threshold: 24 * 3600 },
      { ...behind, Dimensions: dimensions('team'), Threshold: 600 * 60 },
    ]);
  });

  test('is told of in time also where logs are kept for an hour', () => {
    const short = synthesize({ retentionHours: 1, consumers: [{ key: 'siem' }] });
    expect(alarmsOn('Reads', short)).toMatchObject([{ EvaluationPeriods: 30 }]);
    expect(alarmsOn('Behind', short)).toMatchObject([{ Threshold: 1800 }]);
  });

  test.each(['ApiQuery', 'FeedFunction'])('is known to %s, which counts no other key', (id) => {
    const keysOf = ({ all } = stack) =>
      named(
        all('AWS::Lambda::Function').filter(({ properties }) => properties.Environment !== undefined),
        id,
      ).properties.Environment.Variables.CONSUMER_KEYS;
    expect(JSON.parse(keysOf())).toEqual(['siem', 'team']);
    expect(JSON.parse(keysOf(synthesize()))).toEqual([]);
  });

  test('is on the dashboard', () => {
    const dashboard = JSON.stringify(stack.all('AWS::CloudWatch::Dashboard'));
    expect(dashboard).toContain('Reads by consumer');
    expect(JSON.stringify(synthesize().all('AWS::CloudWatch::Dashboard'))).not.toContain('Reads by consumer');
  });
});

describe('the settings refuse', () => {
  const eleven = Array.from({ length: 11 }, (_, n) => ({ key: `key-${n}` }));
  test.each<[string, SettingsInput, string]>([
    [
      'a key twice',
      { consumers: [{ key: 'siem' }, { key: 'siem' }] },
      'consumers is an array; accepted: at most 10',
    ],
    ['more than ten', { consumers: eleven }, 'consumers is an array; accepted: at most 10'],
    ['a name that no key has', { consumers: [{ key: 'Siem' }] }, 'consumers.0.key is "Siem"'],
    [
      'a day and more of silence',
      { consumers: [{ key: 'siem', silentAfterMinutes: 1441 }] },
      'silentAfterMinutes is 1441',
    ],
    [
      'an alarm that comes when logs have expired',
      { retentionHours: 2, consumers: [{ key: 'siem', behindAfterMinutes: 120 }] },
      'below retentionHours',
    ],
    [
      'the key of the canary',
      { consumers: [{ key: 'default' }], canary: { everyMinutes: 5 } },
      'the name of a key that no consumer has',
    ],
  ])('%s', (_, settings, message) => {
    expect(() => synthesize(settings)).toThrow(message);
  });

  test('no consumer beside a canary with a key of its own', () => {
    const settings = { consumers: [{ key: 'default' }], canary: { everyMinutes: 5, key: 'canary' } };
    expect(() => synthesize(settings)).not.toThrow();
  });
});
