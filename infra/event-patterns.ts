import { type EventPattern, Match } from 'aws-cdk-lib/aws-events';
import {
  PRODUCER_SOURCES,
  SECURITY_EVENT,
  SECURITY_EVENT_REJECTED,
  SECURITY_LOG_STORED,
  SERVICE_SOURCE,
} from '../shared/bus-events.ts';
import { EVENT_ACTIONS, type EventAction } from '../shared/event-actions.ts';

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

const action = (matcher: string[]) => ({ event: { action: matcher } });

/** The events that become logs: chosen actions from known sources. */
export const chosenEvents = (chosen: readonly EventAction[]): EventPattern => ({
  source: [...PRODUCER_SOURCES],
  detailType: [SECURITY_EVENT],
  detail: action([...chosen]),
});

/**
 * What ingest rejects, so that nothing on the bus vanishes: all that is neither a known action, chosen or not, nor
 * the service's own word.
 */
export const unknownEvents = (): AnyOf => ({
  $or: [
    { source: Match.anythingBut(...PRODUCER_SOURCES, SERVICE_SOURCE) },
    { source: [...PRODUCER_SOURCES], 'detail-type': Match.anythingBut(SECURITY_EVENT) },
    {
      source: [...PRODUCER_SOURCES],
      detail: action(Match.anyOf(Match.anythingBut(...EVENT_ACTIONS), Match.doesNotExist())),
    },
    {
      source: [SERVICE_SOURCE],
      'detail-type': Match.anythingBut(SECURITY_EVENT_REJECTED, SECURITY_LOG_STORED),
    },
  ],
});

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
