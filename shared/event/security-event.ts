import * as z from 'zod/mini';
import { EventRejected, explain, type RejectionCode } from '../errors.ts';
import { ECS_VERSION, type SecurityLog, securityLogSchema, TEXT_LIMIT } from '../log/security-log.ts';
import { parseJson, quoteNumbers } from '../parse-json.ts';
import { parseEventTime } from '../query/time-window.ts';
import { EVENT_ACTIONS } from './actions.ts';
import { type Application, applicationOf, PRODUCER_SOURCES, SECURITY_EVENT } from './bus-events.ts';
import { domainOf, readUserAgent } from './enrich.ts';
import { keptId } from './event-id.ts';
import { cut, type Findings, prune, tidier, uncutText } from './normalize.ts';

/** What a producer publishes, and how it becomes a log (docs/contract.md#publishing-an-event). */

const accepts = (input: string, accepted: readonly string[]) => ({
  error: (issue: { input?: unknown }) => explain(input, issue.input, accepted.join(', ')),
});

/** The envelope EventBridge delivers. Of the detail it asks for the action alone: the rest is made to fit. */
const securityEventSchema = z.object(
  {
    id: z.string(accepts('id', ['the envelope of an EventBridge event'])).check(z.minLength(1)),
    source: z.enum(PRODUCER_SOURCES, accepts('Source', PRODUCER_SOURCES)),
    'detail-type': z.literal(SECURITY_EVENT, accepts('DetailType', [SECURITY_EVENT])),
    time: z.string(accepts('time', ['ISO 8601'])),
    detail: z.looseObject(
      {
        event: z.looseObject(
          { action: z.enum(EVENT_ACTIONS, accepts('event.action', EVENT_ACTIONS)) },
          accepts('event', ['an object with event.action']),
        ),
      },
      accepts('detail', ['an object']),
    ),
  },
  accepts('the message', ['the JSON of an EventBridge event']),
);

export type SecurityEvent = z.infer<typeof securityEventSchema>;

/** A log as it is kept: the document, and what identifies it. */
export interface IdentifiedLog {
  readonly application: Application;
  /** `@timestamp` in epoch milliseconds. */
  readonly timestamp: number;
  /** `event.id`: at most 128 bytes of well-formed Unicode. */
  readonly id: string;
  readonly log: SecurityLog;
}

/** What completing an event had to put right, to be counted. */
export interface Corrections {
  unknownFields: number;
  replacedTimestamps: number;
  replacedAppTypes: number;
}

export type CompletedEvent = IdentifiedLog & { corrections: Corrections };

/**
 * Reads one EventBridge event and completes it into a log.
 *
 * @param json the message EventBridge delivers; of a name that is repeated in an object, the last one counts
 * @throws EventRejected with the reason, if it cannot be a log
 */
export function readSecurityEvent(json: string): CompletedEvent {
  const value = parseJson(json);
  if (value === undefined)
    throw new EventRejected('not_an_event', explain('the message', json, 'the JSON of an EventBridge event'));
  return completeSecurityEvent(
    parseSecurityEvent(value),
    () => (parseJson(quoteNumbers(json)) as SecurityEvent).detail,
  );
}

/**
 * Checks one EventBridge event.
 *
 * @param value the parsed JSON of the envelope
 * @returns the value itself: a copy by zod has no field `__proto__`, which is to be counted
 * @throws EventRejected with the reason, if it cannot be a log
 */
export function parseSecurityEvent(value: unknown): SecurityEvent {
  const result = securityEventSchema.safeParse(value);
  if (result.success) return value as SecurityEvent;
  const issue = result.error.issues[0];
  const path = issue?.path.join('.') ?? '';
  throw new EventRejected(rejectionCode(path, value), issue?.message ?? `${path}: not an EventBridge event`);
}

function rejectionCode(path: string, value: unknown): RejectionCode {
  switch (path) {
    case 'source':
      return 'unknown_source';
    case 'detail-type':
      return 'unknown_detail_type';
    case 'detail.event':
      return 'missing_action';
    case 'detail.event.action':
      return (value as SecurityEvent).detail.event.action === undefined ? 'missing_action' : 'unknown_action';
    default:
      return 'not_an_event';
  }
}

/** The log's fields and `event.id`, which the store keeps outside the document. */
const tidyDetail = tidier(
  z.extend(securityLogSchema, {
    event: z.extend(securityLogSchema.shape.event, { id: z.optional(uncutText) }),
  }),
);

type DetailDraft = ReturnType<typeof tidyDetail>;

/**
 * Completes an event into a log: cuts and drops what does not fit, and fills in what the service knows.
 *
 * @param withDigits gives the detail with every number as a string of the digits it had in the JSON; it is asked only
 *   where a number stands in the place of a text. By default, numbers are written as JavaScript does.
 * @throws EventRejected if neither `@timestamp` nor the envelope's `time` is a usable time
 */
export function completeSecurityEvent(
  event: SecurityEvent,
  withDigits: () => unknown = () => event.detail,
): CompletedEvent {
  const { draft, unknownFields } = tidyExactly(event.detail, withDigits);
  const corrections: Corrections = { unknownFields, replacedTimestamps: 0, replacedAppTypes: 0 };

  const application = applicationOf(event.source);
  if (draft.label.app_type !== undefined && draft.label.app_type !== application)
    corrections.replacedAppTypes = 1;
  draft.label.app_type = application;

  const happened = parseEventTime(draft['@timestamp'] ?? '');
  if (happened === undefined) corrections.replacedTimestamps = 1;
  const timestamp = happened ?? publishedAt(event);
  draft['@timestamp'] = new Date(timestamp).toISOString();

  draft.ecs.version ??= ECS_VERSION;
  fillInDomain(draft, event.detail['url']);
  fillInUserAgent(draft);

  const id = keptId(draft.event.id ?? event.id);
  draft.event.id = undefined;
  return { application, timestamp, id, log: prune(draft) as unknown as SecurityLog, corrections };
}

function tidyExactly(detail: unknown, withDigits: () => unknown) {
  const findings: Findings = { unknownFields: 0, numbers: 0 };
  const draft = tidyDetail(detail, findings);
  const { unknownFields, numbers } = findings;
  return { draft: numbers === 0 ? draft : tidyDetail(withDigits(), findings), unknownFields };
}

function publishedAt(event: SecurityEvent): number {
  const time = parseEventTime(event.time);
  if (time !== undefined) return time;
  throw new EventRejected(
    'no_usable_time',
    explain('time', event.time, 'ISO 8601 in the years 1970 to 9999'),
  );
}

function fillInDomain({ url }: DetailDraft, given: unknown): void {
  if (url.domain !== undefined || url.full === undefined) return;
  // Read from the URL as it was sent: in a cut one the host itself may have been cut.
  const domain = domainOf(String((given as { full: unknown }).full));
  url.domain = domain && cut(domain, TEXT_LIMIT);
}

function fillInUserAgent({ user_agent, os }: DetailDraft): void {
  if (user_agent.original === undefined) return;
  const facts = readUserAgent(user_agent.original);
  user_agent.name ??= facts.name;
  user_agent.device.name ??= facts.device;
  user_agent.os.is_mobile_device ??= facts.isMobileDevice;
  os.family ??= facts.osFamily;
  os.full ??= facts.osFull;
}
