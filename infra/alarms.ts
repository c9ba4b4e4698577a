import { Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledgeConformity } from './nag.ts';
import { type RunbookSection, withRunbook } from './runbook.ts';

interface Watched
  extends Pick<AlarmProps, 'metric' | 'treatMissingData' | 'evaluationPeriods' | 'comparisonOperator'> {
  /** What has happened, as a sentence. */
  readonly alarmDescription: string;
  /** Where it is said what to do. */
  readonly runbook: RunbookSection;
}

/** Makes an alarm without an action: `alarms` of the settings adds one. */
function made(scope: Construct, id: string, props: AlarmProps): Alarm {
  const alarm = new Alarm(scope, id, props);
  acknowledgeConformity(alarm, {
    CloudWatchAlarmAction:
      'The setting "alarms" names who is told. Without it the alarms are seen on the dashboard only, which the deployer has chosen.',
  });
  return alarm;
}

/**
 * Every alarm of the service on a value is made by this function. By default it goes off on the first period above
 * `threshold`, which is 0 by default.
 */
export const alarmAbove = (
  scope: Construct,
  id: string,
  {
    alarmDescription,
    runbook,
    ...props
  }: Omit<Watched, 'evaluationPeriods'> & {
    readonly threshold?: number;
    /** In how many periods in a row. */
    readonly evaluationPeriods?: number;
  },
): Alarm =>
  made(scope, id, {
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    ...props,
    alarmDescription: withRunbook(alarmDescription, runbook),
  });

/** Goes off when nothing was counted for so many minutes. */
export const alarmOnSilence = (
  scope: Construct,
  id: string,
  {
    metric,
    minutes,
    alarmDescription,
    runbook,
  }: Pick<Watched, 'alarmDescription' | 'runbook'> & {
    /** By the minute. */
    readonly metric: Metric;
    readonly minutes: number;
  },
): Alarm =>
  made(scope, id, {
    metric: metric.with({ period: Duration.minutes(1), statistic: Stats.SAMPLE_COUNT }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    // CloudWatch looks a few periods further back before it counts missing ones, so many short periods are faster
    // than one long period
    evaluationPeriods: minutes,
    treatMissingData: TreatMissingData.BREACHING,
    alarmDescription: withRunbook(alarmDescription, runbook),
  });

/**
 * A metric that a function of the service counts.
 *
 * @param service the function's service name, which is the dimension of its metrics
 */
export const serviceMetric = (
  scope: Construct,
  service: string,
  metricName: string,
  period: Duration,
): Metric =>
  new Metric({
    namespace: Stack.of(scope).stackName,
    metricName,
    dimensionsMap: { service },
    period,
    statistic: Stats.MAXIMUM,
  });

/** Goes off while the queue holds a message. For queues whose messages need a person. */
export const alarmOnMessages = (queue: Queue, alarmDescription: string, runbook: RunbookSection): Alarm =>
  alarmAbove(queue, 'HasMessages', {
    metric: queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    alarmDescription,
    runbook,
    // SQS stops reporting metrics for an idle queue, and missing data must not clear the alarm
    treatMissingData: TreatMissingData.IGNORE,
  });

/**
 * Goes off when a message has waited longer than `age` for its function.
 *
 * @param why messages may wait, in words
 */
export const alarmOnBacklog = (
  queue: Queue,
  age: Duration,
  runbook: RunbookSection,
  why = 'its function fails or is too slow',
): Alarm =>
  alarmAbove(queue, 'Backlog', {
    metric: queue.metricApproximateAgeOfOldestMessage({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    threshold: age.toSeconds(),
    alarmDescription: `A message has waited for more than ${age.toHumanString()}: ${why}.`,
    runbook,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Two alarms: invocations of the function failed, or were throttled for lack of concurrency. */
export const alarmOnFailures = (fn: LambdaFunction): Alarm[] => {
  const period = Duration.minutes(5);
  const treatMissingData = TreatMissingData.NOT_BREACHING;
  return [
    alarmAbove(fn, 'Errors', {
      metric: fn.metricErrors({ period }),
      alarmDescription: "Invocations failed: see the function's log group.",
      runbook: 'a-function-fails',
      treatMissingData,
    }),
    alarmAbove(fn, 'Throttles', {
      metric: fn.metricThrottles({ period }),
      alarmDescription: "Invocations were throttled: the account's Lambda concurrency is used up.",
      runbook: 'a-function-is-throttled',
      treatMissingData,
    }),
  ];
};

/** Goes off when more than nine tenths of the invocations that may run at once have run for a quarter of an hour. */
export const alarmOnConcurrency = (fn: LambdaFunction, mostAtOnce: number): Alarm =>
  alarmAbove(fn, 'NearConcurrencyLimit', {
    metric: fn.metric('ConcurrentExecutions', { period: Duration.minutes(5), statistic: Stats.MAXIMUM }),
    threshold: Math.floor(0.9 * mostAtOnce),
    evaluationPeriods: 3,
    alarmDescription: `More than nine tenths of the ${mostAtOnce} invocations that may run at once have run for 15 minutes.`,
    runbook: 'a-function-is-near-its-concurrency-limit',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
