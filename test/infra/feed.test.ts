import { describe, expect, test } from 'vitest';
import { DAMAGED_SLOTS, OPEN_SLOT_AGE, OPEN_SLOTS } from '../../shared/feed/feed-metrics.ts';
import { parseResolveRequest } from '../../shared/feed/resolve-request.ts';
import { named, synthesize, target } from './synthesize.ts';

const { all, json } = synthesize();
const functions = all('AWS::Lambda::Function');
const feed = named(functions, 'FeedFunction');
const ingest = named(functions, 'IngestFunction');
const schedule = named(all('AWS::Events::Rule'), 'FeedSchedule');
const [resolveQueue] = all('AWS::SQS::Queue').filter(({ id }) => /^FeedResolveQueue(?!DeadLetters)/.test(id));
const mappings = all('AWS::Lambda::EventSourceMapping');
const [resolveMapping] = mappings.filter(
  ({ properties }) => target(properties.EventSourceArn) === resolveQueue?.id,
);
const alarmsOn = (metric: string) =>
  all('AWS::CloudWatch::Alarm')
    .map(({ properties }) => properties)
    .filter(({ MetricName }) => MetricName === metric);

describe('the feed function', () => {
  test('has what it needs to read the table, to check the key and to ask for resolving', () => {
    const { POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE, ...own } =
      feed.properties.Environment.Variables;
    expect(own).toEqual({
      TABLE_NAME: { Ref: named(all('AWS::DynamoDB::Table'), 'Logs').id },
      RETENTION_HOURS: '48',
      CONSUMER_KEYS: '[]',
      API_KEY_SECRET_ARN: { Ref: named(all('AWS::SecretsManager::Secret'), 'ApiKey').id },
      RESOLVE_QUEUE_URL: { Ref: resolveQueue?.id },
      OCSF_USER: '"label.rid"',
    });
    expect([POWERTOOLS_SERVICE_NAME, POWERTOOLS_METRICS_NAMESPACE]).toEqual(['feed', 'SecurityLogs']);
  });

  test('has time to read for four seconds, ask for one and send for two, and as much again for a slow caller', () => {
    expect(feed.properties.Timeout).toBeGreaterThanOrEqual(2 * (4 + 1 + 2));
  });
});

describe('the resolve queue', () => {
  test('feeds the ingest function, by pollers of its own and few at once, which takes back single messages', () => {
    expect(resolveMapping?.properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(mappings.map(({ properties }) => target(properties.FunctionName))).toEqual([ingest.id, ingest.id]);
  });

  test('is named to the ingest function, which knows by it where a batch comes from', () => {
    const { RESOLVE_QUEUE_ARN } = ingest.properties.Environment.Variables;
    expect(RESOLVE_QUEUE_ARN).toEqual(resolveMapping?.properties.EventSourceArn);
  });

  test('tries again soon, but never while the function may still run, and gives up within minutes', () => {
    const { VisibilityTimeout, RedrivePolicy } = resolveQueue?.properties ?? {};
    expect(VisibilityTimeout).toBeGreaterThanOrEqual(2 * ingest.properties.Timeout);
    expect(VisibilityTimeout).toBeLessThanOrEqual(30);
    expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBe(5 * 60);
  });
});

describe('the schedule', () => {
  test('asks each minute to resolve what is open, in words that the ingest function reads', () => {
    expect(schedule.properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    const [{ Arn, Input }, ...others] = schedule.properties.Targets;
    expect(others).toEqual([]);
    expect(target(Arn)).toBe(resolveQueue?.id);
    expect(parseResolveRequest(Input)).toEqual({ kind: 'all' });
  });

  test('is on the default bus: EventBridge has no schedules on others', () => {
    expect(schedule.properties.EventBusName).toBeUndefined();
  });
});

describe('a deployment', () => {
  test.each([
    ['the feed function', feed.id],
    ['the schedule', schedule.id],
  ])('makes %s after the ingest function and its event source, which understand what it asks', (_, id) => {
    expect(json['Resources'][id].DependsOn).toEqual(expect.arrayContaining([ingest.id, resolveMapping?.id]));
  });

  test('makes nothing of ingest after the feed function or the schedule', () => {
    for (const [id, resource] of Object.entries(json['Resources'] as Record<string, object>)) {
      if (!id.startsWith('Ingest')) continue;
      expect(JSON.stringify(resource)).not.toContain(feed.id);
      expect(JSON.stringify(resource)).not.toContain(schedule.id);
    }
  });
});

describe('an alarm goes off', () => {
  const counted = (service: string, period: number) => ({
    Namespace: 'SecurityLogs',
    Dimensions: [{ Name: 'service', Value: service }],
    Period: period,
  });

  test('when a slot has been open for five minutes', () => {
    expect(alarmsOn(OPEN_SLOT_AGE)).toMatchObject([
      {
        ...counted('ingest', 60),
        Statistic: 'Maximum',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 300,
        EvaluationPeriods: 1,
        TreatMissingData: 'notBreaching',
      },
    ]);
  });

  test('when nobody has looked for open slots for ten minutes: then there is no value at all', () => {
    expect(alarmsOn(OPEN_SLOTS)).toMatchObject([
      {
        ...counted('ingest', 60),
        Statistic: 'SampleCount',
        ComparisonOperator: 'LessThanThreshold',
        Threshold: 1,
        EvaluationPeriods: 10,
        TreatMissingData: 'breaching',
      },
    ]);
  });

  test('when ingest or the feed met a damaged slot', () => {
    const alarm = {
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
    };
    expect(alarmsOn(DAMAGED_SLOTS)).toMatchObject([
      { ...alarm, ...counted('ingest', 300) },
      { ...alarm, ...counted('feed', 300) },
    ]);
  });

  test('at the first request that could not be resolved', () => {
    const deadLetters = target(resolveQueue?.properties.RedrivePolicy.deadLetterTargetArn);
    const watched = alarmsOn('ApproximateNumberOfMessagesVisible').map(({ Dimensions }) =>
      target(Dimensions[0].Value),
    );
    expect(watched).toContain(deadLetters);
  });

  test('in the namespace of a stack of another name', () => {
    const other = synthesize({ stackName: 'TenantB' }).all('AWS::CloudWatch::Alarm');
    const own = other.filter(
      ({ id, properties }) => id.startsWith('Feed') && !properties.Namespace.startsWith('AWS/'),
    );
    expect(own.map(({ properties }) => properties.Namespace)).toEqual(new Array(4).fill('TenantB'));
  });
});
