import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { ARCHIVE_AGE, ARCHIVE_GAPS, ARCHIVE_MISSING } from '../shared/archive-metrics.ts';
import { alarmAbove, alarmOnSilence, serviceMetric } from './alarms.ts';

/** The alarms of the archive. Its function counts what they watch in each run. */

/** Goes off when the oldest log that is in no file yet was stored longer ago than `age`. */
export const alarmOnLateArchive = (scope: Construct, age: Duration) =>
  alarmAbove(scope, 'Late', {
    metric: serviceMetric(scope, 'archive', ARCHIVE_AGE, Duration.minutes(5)),
    threshold: age.toSeconds(),
    alarmDescription: `A log has been stored for more than ${age.toMinutes({ integral: false })} minutes and is in no file yet: see the archive function's log group.`,
    runbook: 'a-file-is-late',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/**
 * Goes off when the archive function has not read the feed for so many minutes. It also goes off when the stack is new,
 * until the function has run for the first time.
 */
export const alarmOnStalledArchive = (scope: Construct, minutes: number) =>
  alarmOnSilence(scope, 'Stalled', {
    metric: serviceMetric(scope, 'archive', ARCHIVE_AGE, Duration.minutes(1)),
    minutes,
    alarmDescription: `Nothing has read the feed for the archive for ${minutes} minutes: see the schedule and the archive function.`,
    runbook: 'the-archive-stands-still',
  });

/** Two alarms: logs expired before they were in a file, and the feed had a gap. The metadata of the file says the same. */
export const alarmOnMissingLogs = (scope: Construct) =>
  [ARCHIVE_MISSING, ARCHIVE_GAPS].map((metric) =>
    alarmAbove(scope, metric, {
      metric: serviceMetric(scope, 'archive', metric, Duration.minutes(5)),
      alarmDescription: "Logs are missing in a file: see the archive function's log group, which names it.",
      runbook: 'a-file-lacks-logs',
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
