import { Duration } from 'aws-cdk-lib';
import { type Alarm, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { alarmAbove } from './alarms.ts';

/** What DynamoDB counts when it throttles, by the id of its alarm. */
const THROTTLES = [
  ['ReadsThrottled', 'ReadThrottleEvents', 'Reads'],
  ['WritesThrottled', 'WriteThrottleEvents', 'Writes'],
] as const;

/**
 * Two alarms: DynamoDB has throttled reads, or writes, for a quarter of an hour. Shorter throttling is normal while the
 * table splits a partition, and the functions wait it out.
 */
export const alarmOnTableThrottles = (table: Table): Alarm[] =>
  THROTTLES.map(([id, metricName, what]) =>
    alarmAbove(table, id, {
      metric: table.metric(metricName, { period: Duration.minutes(5), statistic: Stats.SUM }),
      evaluationPeriods: 3,
      alarmDescription: `${what} of the table have been throttled for 15 minutes.`,
      runbook: 'the-table-throttles',
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
