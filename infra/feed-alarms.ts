import { Duration } from 'aws-cdk-lib';
import { TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DAMAGED_SLOTS, OPEN_SLOT_AGE, OPEN_SLOTS } from '../shared/feed/feed-metrics.ts';
import { alarmAbove, alarmOnSilence, serviceMetric } from './alarms.ts';

/** The alarms of the feed (docs/architecture.md#the-feed). The ingest function counts what they watch each minute. */

/** Goes off when a slot is open for longer than `age`: a shard of the feed stands still. */
export const alarmOnOpenSlot = (scope: Construct, age: Duration) =>
  alarmAbove(scope, 'OpenSlot', {
    metric: serviceMetric(scope, 'ingest', OPEN_SLOT_AGE, Duration.minutes(1)),
    threshold: age.toSeconds(),
    alarmDescription: `A slot of the feed has been open for more than ${age.toHumanString()}, and readers wait for it: see the ingest function's log group.`,
    runbook: 'a-slot-of-the-feed-stays-open',
    treatMissingData: TreatMissingData.NOT_BREACHING,
  });

/**
 * Goes off when the ingest function has not looked for open slots for so many minutes. It also goes off when the stack
 * is new, until the function has looked for the first time.
 */
export const alarmOnStalledResolving = (scope: Construct, minutes: number) =>
  alarmOnSilence(scope, 'StalledResolving', {
    metric: serviceMetric(scope, 'ingest', OPEN_SLOTS, Duration.minutes(1)),
    minutes,
    alarmDescription: `Nobody has looked for open slots of the feed for ${minutes} minutes: see the schedule, the resolve queue and the ingest function.`,
    runbook: 'open-slots-are-not-looked-for',
  });

/** Goes off when a function that resolves or reads slots meets one that cannot be read, and skips it. */
export const alarmOnDamagedSlots = (scope: Construct) =>
  ['ingest', 'feed'].map((service) =>
    alarmAbove(scope, `DamagedSlots-${service}`, {
      metric: serviceMetric(scope, service, DAMAGED_SLOTS, Duration.minutes(5)),
      alarmDescription: `The ${service} function met a slot of the feed that cannot be read: readers are told of a gap. See its log group.`,
      runbook: 'a-slot-of-the-feed-is-damaged',
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  );
