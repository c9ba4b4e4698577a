import type { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FRESHNESS } from '../shared/canary-metrics.ts';
import type { Way } from '../shared/round-trip/round-trip.ts';
import { alarmAbove, serviceMetric } from './alarms.ts';

/** In how many runs in a row. One late run says little: a function has just started, or the schedule was late. */
const RUNS = 3;

/**
 * Two alarms, one for each way of reading: in three runs in a row the log of the canary was late, or could not be read at
 * all. They also go off when the canary does not run, and when the stack is new, until it has run.
 *
 * @param interval between two runs
 * @param patience how late is too late
 */
export const alarmOnStaleCanary = (scope: Construct, interval: Duration, patience: Duration) =>
  (Object.entries(FRESHNESS) as [Way, string][]).map(([way, metric]) =>
    alarmAbove(scope, `Stale-${way}`, {
      metric: serviceMetric(scope, 'canary', metric, interval),
      threshold: patience.toSeconds(),
      evaluationPeriods: RUNS,
      treatMissingData: TreatMissingData.BREACHING,
      alarmDescription: `In ${RUNS} runs in a row the log of the canary could not be read through the ${way} within ${patience.toHumanString()}: see the canary's log group.`,
      runbook: 'the-canary-is-stale',
    }),
  );
