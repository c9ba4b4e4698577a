import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import { EVENT_ACTIONS, type EventAction } from '../shared/event/actions.ts';
import {
  PRODUCER_SOURCES,
  SECURITY_EVENT,
  SECURITY_EVENT_REJECTED,
  SECURITY_LOG_STORED,
  SERVICE_SOURCE,
} from '../shared/event/bus-events.ts';

/**
 * An event pattern with `$or`, which the CDK's type lacks. The CDK passes the alternatives to EventBridge unchanged,
 * so they use EventBridge's name `detail-type` instead of the CDK's `detailType`.
 */
interface AnyOf extends EventPattern {
  readonly $or: readonly {
    readonly source: string[];
    readonly 'detail-type'?: string[];
    readonly detail?: object;
  }[];
}

/**
 * The events that ingest receives: everything on the bus, except known actions that the settings did not choose and
 * events that the service publishes itself. Ingest stores or rejects each of them, so nothing on the bus vanishes.
 * One pattern for one rule: EventBridge matches the elements of an array, so an event could match two rules and be
 * rejected twice.
 */
export const ingestedEvents = (chosen: readonly EventAction[]): AnyOf => ({
  $or: [
    { source: Match.anythingBut(...PRODUCER_SOURCES, SERVICE_SOURCE) },
    { source: [...PRODUCER_SOURCES], 'detail-type': Match.anythingBut(SECURITY_EVENT) },
    {
      source: [...PRODUCER_SOURCES],
      ...allBut(EVENT_ACTIONS.filter((action) => !chosen.includes(action))),
    },
    {
      source: [SERVICE_SOURCE],
      'detail-type': Match.anythingBut(SECURITY_EVENT_REJECTED, SECURITY_LOG_STORED),
    },
  ],
});

/** Any action but these; a missing action matches too. */
const allBut = (unchosen: readonly EventAction[]) =>
  unchosen.length > 0 && {
    detail: { event: { action: Match.anyOf(Match.anythingBut(...unchosen), Match.doesNotExist()) } },
  };

/** Announcements by the service that an event was rejected. */
export const rejectedEvents = (): EventPattern => ({
  source: [SERVICE_SOURCE],
  detailType: [SECURITY_EVENT_REJECTED],
});

/** Announcements by the service that a log was stored. */
export const storedLogs = (): EventPattern => ({
  source: [SERVICE_SOURCE],
  detailType: [SECURITY_LOG_STORED],
});
