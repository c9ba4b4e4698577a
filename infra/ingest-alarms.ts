import { Duration } from 'aws-cdk-lib';
import { type Alarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { INGEST_LAG } from '../shared/event/ingest-metrics.ts';
import { alarmAbove, serviceMetric } from './alarms.ts';

/** Goes off when an event was stored later than `lag` after EventBridge had taken it. */
export const alarmOnIngestLag = (fn: LambdaFunction, lag: Duration): Alarm =>
  alarmAbove(fn, 'StoredLate', {
    metric: serviceMetric(fn, 'ingest', INGEST_LAG, Duration.minutes(5)),
    threshold: lag.toSeconds(),
    alarmDescription: `An event was stored more than ${lag.toHumanString()} after it had been published.`,
    runbook: 'logs-are-stored-late',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });
