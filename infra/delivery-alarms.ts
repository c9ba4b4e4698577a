import { Duration } from 'aws-cdk-lib';
import {
  type Alarm,
  ComparisonOperator,
  MathExpression,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { DELIVERED, UNDELIVERED_AGE } from '../shared/delivery-metrics.ts';
import { alarmAbove, serviceMetric } from './alarms.ts';

/** The alarms of the delivery to a custom service (docs/custom-services.md#when-the-service-fails). */

const PERIOD = Duration.minutes(5);

/** Goes off when a log could not be delivered for longer than `age`. It reads a metric of the deliver function. */
export const alarmOnUndelivered = (fn: LambdaFunction, age: Duration): Alarm =>
  alarmAbove(fn, 'Undelivered', {
    metric: serviceMetric(fn, 'deliver', UNDELIVERED_AGE, PERIOD),
    threshold: age.toSeconds(),
    alarmDescription: `The custom service has not taken a log for more than ${age.toHumanString()}: see the function's log group for the reason.`,
    runbook: 'the-custom-service-does-not-take-a-log',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/**
 * Goes off when deliveries have failed for 40 minutes and none has succeeded meanwhile. A log that waits is tried at least
 * every 15 minutes, so each period has an attempt.
 */
export const alarmOnFailingDeliveries = (fn: LambdaFunction): Alarm =>
  alarmAbove(fn, 'AllFail', {
    metric: serviceMetric(fn, 'deliver', DELIVERED, Duration.minutes(20)),
    threshold: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    evaluationPeriods: 2,
    alarmDescription: 'Every delivery to the custom service has failed for 40 minutes.',
    runbook: 'every-delivery-fails',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/** Goes off when messages have waited for a quarter of an hour and nobody has received one: the delivery is paused. */
export const alarmOnStandstill = (queue: Queue): Alarm =>
  alarmAbove(queue, 'Standstill', {
    metric: new MathExpression({
      expression: 'IF(received == 0, waiting, 0)',
      label: 'Messages that nobody receives',
      // SQS counts zeros too, as long as the queue holds a message
      usingMetrics: {
        received: queue.metricNumberOfMessagesReceived({ period: PERIOD, statistic: Stats.SUM }),
        waiting: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MINIMUM }),
      },
      period: PERIOD,
    }),
    evaluationPeriods: 3,
    alarmDescription:
      'Logs wait to be delivered, and for 15 minutes nobody has received one: the delivery is paused.',
    runbook: 'deliveries-stand-still',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
