import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { REMAINING_LIFETIME } from '../shared/delivery-metrics.ts';
import { alarmAbove, serviceMetric } from './alarms.ts';

/** How long before a log expires undelivered the alarms go off; of a short lifetime, a quarter of it. */
const NOTICE_HOURS = 6;
/** How long SQS keeps a message, hours: whatever its log's lifetime is, it is gone after that. */
const MESSAGE_HOURS = 14 * 24;
/** A log that waits is received, and put back, every 15 minutes at the longest. */
const COUNTED_WITHIN = Duration.minutes(20);
/** How long a log has waited at most when its message is sent to the retry queue; of a short lifetime, half of it. */
const LONGEST_WAIT_HOURS = 24;

interface Waiting {
  readonly fn: LambdaFunction;
  /** New logs. */
  readonly queue: Queue;
  /** Logs that were not delivered. */
  readonly retries: Queue;
}

/**
 * Three alarms before a log expires that was not delivered (docs/custom-services.md#when-a-log-expires). The function counts
 * what is left of the lifetime of each log that it puts back. While it does not run, because it is paused or fails, the age of
 * the oldest message tells: of a new log, its age; of a log that waits in the retry queue, the time since its last attempt,
 * to which the time before that has to be added.
 *
 * @param lifetime how long a log can be read
 */
export function alarmBeforeExpiry({ fn, queue, retries }: Waiting, lifetime: Duration): void {
  const hours = lifetime.toHours();
  const notice = Math.min(NOTICE_HOURS, hours / 4);
  const longestWait = Math.min(LONGEST_WAIT_HOURS, hours / 2);
  const seconds = (value: number): number => Math.round(3600 * value);
  const alarmDescription = `A log that the custom service did not take expires in ${notice} hours or less: it cannot be delivered after that.`;
  const runbook = 'a-log-expires-undelivered';
  const treatMissingData = TreatMissingData.NOT_BREACHING;
  alarmAbove(fn, 'Expiring', {
    metric: serviceMetric(fn, 'deliver', REMAINING_LIFETIME, COUNTED_WITHIN).with({
      statistic: Stats.MINIMUM,
    }),
    threshold: seconds(notice),
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    alarmDescription,
    runbook,
    treatMissingData,
  });
  const ages = [
    [queue, Math.min(hours, MESSAGE_HOURS) - notice],
    [retries, Math.min(hours - longestWait, MESSAGE_HOURS) - notice],
  ] as const;
  for (const [watched, age] of ages) {
    alarmAbove(watched, 'Expiring', {
      metric: watched.metricApproximateAgeOfOldestMessage({
        period: Duration.minutes(5),
        statistic: Stats.MAXIMUM,
      }),
      threshold: seconds(age),
      alarmDescription,
      runbook,
      treatMissingData,
    });
  }
}
