import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { CanaryEnvironment } from '../shared/environment.ts';
import type { EventAction } from '../shared/event/actions.ts';
import type { CanarySettings } from '../shared/settings/canary.ts';
import { alarmOnStaleCanary } from './canary-alarms.ts';
import type { Feed } from './feed.ts';
import type { LogApi } from './log-api.ts';
import { acknowledge } from './nag.ts';
import type { SecurityEventBus } from './security-event-bus.ts';
import { serviceFunction } from './service-function.ts';

/** How long its log may take until it can be read. */
const READABLE_WITHIN = Duration.seconds(45);
/** With reading the key and publishing. A run ends before the next one begins. */
const FUNCTION_TIMEOUT = Duration.minutes(1);
/** How late its log may be before somebody is told. */
const PATIENCE = Duration.seconds(30);

/** Its action is the first of these that the settings choose: those that alarm nobody come first. */
const ACTIONS: readonly EventAction[] = [
  'OPENED',
  'LINK_SENT',
  'STEP_COMPLETED',
  'DATA_SUBMITTED',
  'COMPLETED',
  'CheckAuthResponseAuthenticationSucceed',
  'CheckAuthResponseMissingCredentials',
  'CheckAuthResponseAuthenticationError',
  'CheckAuthResponseAuthenticationFailed',
];

export interface CanaryProps {
  readonly settings: CanarySettings;
  readonly bus: SecurityEventBus;
  readonly api: LogApi;
  readonly feed: Feed;
  /** The actions that the settings choose; at least one. */
  readonly events: readonly EventAction[];
}

/**
 * Publishes a marked event on a schedule, and measures how soon its log can be read (docs/deploy.md#the-canary). It is a
 * consumer as any other: it asks the API over HTTPS, with a key.
 */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { settings, bus, api, feed, events }: CanaryProps) {
    super(scope, id);
    const { everyMinutes, key, vpc } = settings;
    const fn = serviceFunction<CanaryEnvironment>(this, 'Function', {
      name: 'canary',
      description: 'Measures how soon a published event can be read as a log',
      size: undefined,
      timeout: FUNCTION_TIMEOUT,
      ...(vpc && { vpc }),
      environment: (role) => {
        bus.grantPublish(role);
        return {
          ...api.key.grantRead(role),
          API_URL: api.url,
          FEED_URL: feed.url,
          API_KEY_NAME: key,
          EVENT_BUS_NAME: bus.bus.eventBusName,
          ACTION: ACTIONS.find((action) => events.includes(action)) ?? 'OPENED',
          READABLE_WITHIN_MS: String(READABLE_WITHIN.toMilliseconds()),
        };
      },
    });
    const interval = Duration.minutes(everyMinutes);
    const schedule = new Rule(this, 'Schedule', {
      schedule: Schedule.rate(interval),
      targets: [new LambdaFunction(fn)],
    });
    acknowledge(schedule, {
      'Serverless-EventBusDLQ': 'A run that was missed needs no redrive: the next one does the same again.',
    });
    alarmOnStaleCanary(fn, interval, PATIENCE);
  }
}
