import * as z from 'zod/mini';
import { EventRejected, explain, type RejectionCode } from '../errors.ts';
import { TEXT_LIMIT } from '../log/field-limits.ts';
import { ECS_VERSION, type SecurityLog, securityLogSchema } from '../log/security-log.ts';
import { parseJson, quoteNumbers } from '../parse-json.ts';
import { EVENT_ACTIONS } from './actions.ts';
import { type Application, applicationOf, PRODUCER_SOURCES, SECURITY_EVENT } from './bus-events.ts';
import { domainOf, readUserAgent } from './enrich.ts';
import { storedId } from './event-id.ts';
import { parseEventTime } from './event-time.ts';
import { cut, type Findings, normalizer, prune, uncutText } from './normalize.ts';

/** What a producer publishes, and how it is completed into a log (docs/contract.md#publishing-an-event). */

const accepts = (input: string, accepted: readonly string[]) => ({
  error: (issue: { input?: unknown }) => explain(input, issue.input, accepted.join(', ')),
});

/** The envelope that EventBridge delivers. Of the detail only the action is required: the rest is normalized. */
const securityEventSchema = z.object(
  {
    id: z.string(accepts('id', ['the envelope of an EventBridge event'])).check(z.minLength(1)),
    source: z.enum(PRODUCER_SOURCES, accepts('Source', PRODUCER_SOURCES)),
    'detail-type': z.literal(SECURITY_EVENT, accepts('DetailType', [SECURITY_EVENT])),
    time: z.string(accepts('time', ['ISO 8601'])),
    /** Set by EventBridge. It names the publisher, and decides nothing. */
    account: z.optional(z.unknown()),
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

/** A log to store: the document, and what identifies it. */
export interface IdentifiedLog {
  readonly application: Application;
  /** `@timestamp` in epoch milliseconds. */
  readonly timestamp: number;
  /** `event.id`: at most 128 bytes of well-formed Unicode. */
  readonly id: string;
  /** The AWS account that published the event, if that is kept with the log. */
  readonly publisherAccount?: string | undefined;
  readonly log: SecurityLog;
}

/** Counts of what was corrected while an event was completed. */
export interface Corrections {
  unknownFields: number;
  replacedTimestamps: number;
  replacedAppTypes: number;
}

export type CompletedEvent = IdentifiedLog & { corrections: Corrections };

/** A log to store, with when its event was published. */
export type ReadEvent = CompletedEvent & {
  /** The envelope's `time`, epoch milliseconds; undefined if it is not a usable time. */
  readonly publishedAt: number | undefined;
};

/**
 * Reads one EventBridge event and completes it into a log.
 *
 * @param json the message that EventBridge delivers; if an object repeats a name, the last one counts
 * @throws EventRejected with the reason, if it cannot be a log
 */
export function readSecurityEvent(json: string): ReadEvent {
  const value = parseJson(json);
  if (value === undefined)
    throw new EventRejected('not_an_event', explain('the message', json, 'the JSON of an EventBridge event'));
  const event = parseSecurityEvent(value);
  const completed = completeSecurityEvent(
    event,
    () => (parseJson(quoteNumbers(json)) as SecurityEvent).detail,
  );
  return { ...completed, publisherAccount: accountOf(event), publishedAt: parseEventTime(event.time) };
}

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const accountOf = ({ account }: SecurityEvent): string | undefined =>
  typeof account === 'string' && /^\d{12}$/.test(account) ? account : undefined;

/**
 * Checks one EventBridge event.
 *
 * @param value the parsed JSON of the envelope
 * @returns the value itself: a copy made by zod would lack a field `__proto__`, which has to be counted
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

/** The fields of the log, and `event.id`, which the store keeps outside the document. */
const normalizeDetail = normalizer(
  z.extend(securityLogSchema, {
    event: z.extend(securityLogSchema.shape.event, { id: z.optional(uncutText) }),
  }),
);

type DetailDraft = ReturnType<typeof normalizeDetail>;

/**
 * Completes an event into a log: cuts and drops what does not fit, and fills in what the service knows.
 *
 * @param withDigits gives the detail with every number as a string of the digits that it has in the JSON; it is called
 *   only if there is a number in the place of a text. By default, numbers are written as JavaScript writes them.
 * @throws EventRejected if neither `@timestamp` nor the envelope's `time` is a usable time
 */
export function completeSecurityEvent(
  event: SecurityEvent,
  withDigits: () => unknown = () => event.detail,
): CompletedEvent {
  const { draft, unknownFields } = normalizeExactly(event.detail, withDigits);
  const corrections: Corrections = { unknownFields, replacedTimestamps: 0, replacedAppTypes: 0 };

  const application = applicationOf(event.source);
  if (draft.label.app_type !== undefined && draft.label.app_type !== application)
    corrections.replacedAppTypes = 1;
  draft.label.app_type = application;

  const happened = parseEventTime(draft['@timestamp'] ?? '');
  if (happened === undefined) corrections.replacedTimestamps = 1;
  const timestamp = happened ?? timeOfPublishing(event);
  draft['@timestamp'] = new Date(timestamp).toISOString();

  draft.ecs.version ??= ECS_VERSION;
  fillInDomain(draft, event.detail['url']);
  fillInUserAgent(draft);

  const id = storedId(draft.event.id ?? event.id);
  draft.event.id = undefined;
  return { application, timestamp, id, log: prune(draft) as unknown as SecurityLog, corrections };
}

function normalizeExactly(detail: unknown, withDigits: () => unknown) {
  const findings: Findings = { unknownFields: 0, numbers: 0 };
  const draft = normalizeDetail(detail, findings);
  const { unknownFields, numbers } = findings;
  return { draft: numbers === 0 ? draft : normalizeDetail(withDigits(), findings), unknownFields };
}

function timeOfPublishing(event: SecurityEvent): number {
  const time = parseEventTime(event.time);
  if (time !== undefined) return time;
  throw new EventRejected(
    'no_usable_time',
    explain('time', event.time, 'ISO 8601 in the years 1970 to 9999'),
  );
}

function fillInDomain({ url }: DetailDraft, given: unknown): void {
  if (url.domain !== undefined || url.full === undefined) return;
  // The domain is read from the URL as it was sent: cutting the URL may have cut its host.
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
