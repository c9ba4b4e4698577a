import { describe, expect, test } from 'vitest';
import { IN_FULL } from './settings-in-full.ts';
import { type Resource, synthesize, target } from './synthesize.ts';

const { all } = synthesize(IN_FULL);
const alarms = all('AWS::CloudWatch::Alarm');

/** The alarms whose logical id, without its hash, ends with this name: their properties. */
const called = (name: string): Resource['properties'][] =>
  alarms.filter(({ id }) => new RegExp(`${name}[0-9A-F]{8}$`).test(id)).map(({ properties }) => properties);

/** What the metric of a math alarm is made of, by id; the expression itself as `expression`. */
const mathOf = (alarm: Resource['properties']) => ({
  expression: alarm.Metrics.find((each: { Expression?: string }) => each.Expression !== undefined).Expression,
  ...Object.fromEntries(
    alarm.Metrics.filter((each: { MetricStat?: object }) => each.MetricStat !== undefined).map(
      ({ Id, MetricStat }: { Id: string; MetricStat: { Metric: { MetricName: string }; Stat: string } }) => [
        Id,
        [MetricStat.Metric.MetricName, MetricStat.Stat],
      ],
    ),
  ),
});

const counted = (service: string) => ({
  Namespace: 'SecurityLogs',
  Dimensions: [{ Name: 'service', Value: service }],
});
const forAQuarter = { Period: 300, EvaluationPeriods: 3, TreatMissingData: 'notBreaching' };

describe('an alarm goes off', () => {
  test('when an event was stored a quarter of an hour after its publishing', () => {
    expect(called('StoredLate')).toMatchObject([
      { ...counted('ingest'), MetricName: 'IngestLag', Statistic: 'Maximum', Threshold: 900 },
    ]);
  });

  test('when queries have been answered with 408 for a quarter of an hour', () => {
    expect(called('RequestTimeouts')).toMatchObject([
      { ...counted('query'), ...forAQuarter, MetricName: 'Status408', Statistic: 'Sum', Threshold: 0 },
    ]);
  });

  test('when many requests reached the gateway and no function', () => {
    const [alarm, ...others] = called('Refusals');
    expect(others).toEqual([]);
    expect(mathOf(alarm)).toEqual({
      expression: 'requests - FILL(relayed, 0)',
      requests: ['Count', 'SampleCount'],
      relayed: ['IntegrationLatency', 'SampleCount'],
    });
    expect(alarm.Threshold).toBe(300);
  });

  test('when reads or writes of the table have been throttled for a quarter of an hour', () => {
    const table = all('AWS::DynamoDB::Table')[0]?.id;
    for (const [name, MetricName] of [
      ['ReadsThrottled', 'ReadThrottleEvents'],
      ['WritesThrottled', 'WriteThrottleEvents'],
    ] as const) {
      const [alarm, ...others] = called(name);
      expect(others).toEqual([]);
      expect(alarm).toMatchObject({ ...forAQuarter, MetricName, Statistic: 'Sum', Threshold: 0 });
      expect(target(alarm.Dimensions[0].Value)).toBe(table);
    }
  });

  test('when a function that consumes queues nears the concurrency of its event sources', () => {
    const mostAtOnce: Record<string, number> = {};
    for (const { properties } of all('AWS::Lambda::EventSourceMapping')) {
      const fn = target(properties.FunctionName);
      mostAtOnce[fn] = (mostAtOnce[fn] ?? 0) + properties.ScalingConfig.MaximumConcurrency;
    }
    const watched = called('NearConcurrencyLimit');
    expect(watched.map(({ Dimensions }) => target(Dimensions[0].Value)).sort()).toEqual(
      Object.keys(mostAtOnce).sort(),
    );
    for (const alarm of watched) {
      const limit = mostAtOnce[target(alarm.Dimensions[0].Value)] ?? 0;
      expect(alarm).toMatchObject({ ...forAQuarter, MetricName: 'ConcurrentExecutions' });
      expect(alarm.Threshold).toBe(Math.floor(0.9 * limit));
      expect(alarm.AlarmDescription).toContain(`the ${limit} invocations`);
    }
  });

  test('when every delivery has failed for 40 minutes: a log that waits is tried every 15 minutes', () => {
    expect(called('AllFail')).toMatchObject([
      {
        ...counted('deliver'),
        MetricName: 'Delivered',
        Statistic: 'Maximum',
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        Period: 1200,
        EvaluationPeriods: 2,
        TreatMissingData: 'notBreaching',
      },
    ]);
  });

  test('when messages wait for delivery and nobody receives one, in either queue', () => {
    const standing = called('Standstill');
    expect(standing).toHaveLength(2);
    for (const alarm of standing) {
      expect(mathOf(alarm)).toEqual({
        expression: 'IF(received == 0, waiting, 0)',
        received: ['NumberOfMessagesReceived', 'Sum'],
        waiting: ['ApproximateNumberOfMessagesVisible', 'Minimum'],
      });
      expect(alarm).toMatchObject({ Threshold: 0, EvaluationPeriods: 3, TreatMissingData: 'notBreaching' });
    }
  });
});
