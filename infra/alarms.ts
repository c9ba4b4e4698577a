import { Duration } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Every alarm of the service is made here: it goes off on the first period above `threshold`, 0 by default. */
const alarmAbove = (
  scope: Construct,
  id: string,
  props: Pick<AlarmProps, 'metric' | 'alarmDescription' | 'treatMissingData'> & {
    readonly threshold?: number;
  },
): Alarm =>
  new Alarm(scope, id, {
    threshold: 0,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    evaluationPeriods: 1,
    ...props,
  });

/** Goes off while the queue holds a message that waits for a person. */
export const alarmOnMessages = (queue: Queue, alarmDescription: string): Alarm =>
  alarmAbove(queue, 'HasMessages', {
    metric: queue.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    alarmDescription,
    // SQS stops reporting for an idle queue: silence must not clear the alarm
    treatMissingData: TreatMissingData.IGNORE,
  });

/** Goes off when a message has waited longer than `age` for its function. */
export const alarmOnBacklog = (queue: Queue, age: Duration): Alarm =>
  alarmAbove(queue, 'Backlog', {
    metric: queue.metricApproximateAgeOfOldestMessage({
      period: Duration.minutes(1),
      statistic: Stats.MAXIMUM,
    }),
    threshold: age.toSeconds(),
    alarmDescription: `A message has waited for more than ${age.toHumanString()}: its function fails or is too slow.`,
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Goes off when invocations of the function failed, or were refused for lack of concurrency. */
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

/** Goes off when the API answered 500 or above, which the function does without failing itself. */
export const alarmOnServerErrors = (stage: Stage): Alarm =>
  alarmAbove(stage, 'ServerErrors', {
    metric: stage.metricServerError({ period: Duration.minutes(5) }),
    alarmDescription: "Requests were answered with a 5xx status: see the query function's log group.",
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
