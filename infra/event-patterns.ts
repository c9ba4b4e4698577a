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
 * `$or` is missing from the CDK's type. The CDK hands the alternatives to EventBridge as they are, which is why
 * they say `detail-type` where its own type says `detailType`.
 */
interface AnyOf extends EventPattern {
  readonly $or: readonly {
    readonly source: string[];
    readonly 'detail-type'?: string[];
    readonly detail?: object;
  }[];
}

/**
 * What ingest is given: all that is neither an event whose action is known and was not chosen, nor the service's own
 * word. Ingest stores it or rejects it, so that nothing on the bus vanishes. It is one pattern, for one rule: of two
 * rules, both could match (EventBridge looks at the elements of an array), and the event would be rejected twice.
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

/** Any action but these, no action included. */
const allBut = (unchosen: readonly EventAction[]) =>
  unchosen.length > 0 && {
    detail: { event: { action: Match.anyOf(Match.anythingBut(...unchosen), Match.doesNotExist()) } },
  };

/** The service's word that an event cannot be a log. */
export const rejectedEvents = (): EventPattern => ({
  source: [SERVICE_SOURCE],
  detailType: [SECURITY_EVENT_REJECTED],
});

/** The service's word that a log is stored. */
export const storedLogs = (): EventPattern => ({
  source: [SERVICE_SOURCE],
  detailType: [SECURITY_LOG_STORED],
});
