import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  CONSUMER_BEHIND,
  CONSUMER_READS,
  CONSUMERS_SERVICE,
  KEY_DIMENSION,
} from '../shared/consumer-metrics.ts';
import type { WatchedConsumer } from '../shared/settings/consumers.ts';
import { alarmAbove, alarmOnSilence, serviceMetric } from './alarms.ts';

/** A metric of one consumer, by the name of its key. */
export const consumerMetric = (scope: Construct, key: string, name: string, period: Duration): Metric =>
  serviceMetric(scope, CONSUMERS_SERVICE, name, period).with({
    dimensionsMap: { service: CONSUMERS_SERVICE, [KEY_DIMENSION]: key },
  });

/**
 * Two alarms: the consumer has read nothing for so long, or logs that it has not read from the feed are so old that they may
 * expire. The first also goes off when the stack is new, until the consumer reads.
 */
export function alarmOnConsumer(scope: Construct, consumer: WatchedConsumer): void {
  const { key, silentAfterMinutes, behindAfterMinutes } = consumer;
  const alarms = new Construct(scope, `Consumer-${key}`);
  alarmOnSilence(alarms, 'Silent', {
    metric: consumerMetric(alarms, key, CONSUMER_READS, Duration.minutes(1)),
    minutes: silentAfterMinutes,
    alarmDescription: `The consumer with the key ${key} has read nothing for ${silentAfterMinutes} minutes.`,
    runbook: 'a-consumer-is-silent',
  });
  alarmAbove(alarms, 'Behind', {
    metric: consumerMetric(alarms, key, CONSUMER_BEHIND, Duration.minutes(5)),
    threshold: 60 * behindAfterMinutes,
    alarmDescription: `The consumer with the key ${key} is more than ${behindAfterMinutes} minutes behind in the feed: logs may expire before it reads them.`,
    runbook: 'logs-may-expire-unread',
  });
}
