import { Duration, Stack } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
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
import { UNDELIVERED_AGE } from '../shared/delivery-metrics.ts';

type Watched = Pick<AlarmProps, 'metric' | 'alarmDescription' | 'treatMissingData' | 'comparisonOperator'>;

/**
 * Every alarm of the service on a value is made by this function. It goes off on the first period above `threshold`, 0
 * by default, or as its operator says.
 */
export const alarmAbove = (
  scope: Construct,
  id: string,
  props: Watched & { readonly threshold?: number },
): Alarm =>
  new Alarm(scope, id, {
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    ...props,
  });

/** Goes off when nothing was counted for so many minutes. */
export const alarmOnSilence = (
  scope: Construct,
  id: string,
  {
    metric,
    minutes,
    ...props
  }: Pick<Watched, 'alarmDescription'> & {
    /** By the minute. */
    readonly metric: Metric;
    readonly minutes: number;
  },
): Alarm =>
  new Alarm(scope, id, {
    metric: metric.with({ period: Duration.minutes(1), statistic: Stats.SAMPLE_COUNT }),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    // CloudWatch looks a few periods further back before it counts missing ones, so many short periods are faster
    // than one long period
    evaluationPeriods: minutes,
    treatMissingData: TreatMissingData.BREACHING,
    ...props,
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
export const alarmOnMessages = (queue: Queue, alarmDescription: string): Alarm =>
  alarmAbove(queue, 'HasMessages', {
    metric: queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    alarmDescription,
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
  why = 'its function fails or is too slow',
): Alarm =>
  alarmAbove(queue, 'Backlog', {
    metric: queue.metricApproximateAgeOfOldestMessage({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    threshold: age.toSeconds(),
    alarmDescription: `A message has waited for more than ${age.toHumanString()}: ${why}.`,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Goes off when a log could not be delivered for longer than `age`. It reads a metric of the deliver function. */
export const alarmOnUndelivered = (fn: LambdaFunction, age: Duration): Alarm =>
  alarmAbove(fn, 'Undelivered', {
    metric: serviceMetric(fn, 'deliver', UNDELIVERED_AGE, Duration.minutes(5)),
    threshold: age.toSeconds(),
    alarmDescription: `The custom service has not taken a log for more than ${age.toHumanString()}: see the function's log group for the reason.`,
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
      treatMissingData,
    }),
    alarmAbove(fn, 'Throttles', {
      metric: fn.metricThrottles({ period }),
      alarmDescription: "Invocations were throttled: the account's Lambda concurrency is used up.",
      treatMissingData,
    }),
  ];
};

/**
 * Goes off when the API answered with a 5xx status. The functions answer these without failing, so their own alarms
 * miss them.
 */
export const alarmOnServerErrors = (stage: Stage): Alarm =>
  alarmAbove(stage, 'ServerErrors', {
    metric: stage.metricServerError({ period: Duration.minutes(5) }),
    alarmDescription:
      'Requests were answered with a 5xx status: see the log group of the query, the feed or the deliveries function.',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
