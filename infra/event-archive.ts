import { Duration } from 'aws-cdk-lib';
import { Archive } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { EventAction } from '../shared/event/actions.ts';
import type { EventArchive } from '../shared/settings/scale.ts';
import { ingestedEvents } from './event-patterns.ts';
import type { SecurityEventBus } from './security-event-bus.ts';

/**
 * Keeps what ingest gets, so that it can be replayed (docs/recovery.md#replaying-events). Replayed events are not archived
 * again. What the service publishes itself is not archived, because a replay makes it anew.
 *
 * @param events the actions that become logs
 */
export const archiveEvents = (
  scope: Construct,
  id: string,
  { bus }: SecurityEventBus,
  events: readonly EventAction[],
  { days }: EventArchive,
): Archive =>
  new Archive(scope, id, {
    sourceEventBus: bus,
    description: 'Security events, to be replayed after a failure',
    eventPattern: ingestedEvents(events),
    retention: Duration.days(days),
  });
