import { type ProducerSource, SECURITY_EVENT } from '../../shared/event/bus-events.ts';
import { SAFE_DETAIL_BYTES } from '../../shared/event/bus-limits.ts';
import { parseEventTime } from '../../shared/event/event-time.ts';
import { parseSecurityEvent } from '../../shared/event/security-event.ts';

/** What an event gets that does not have it. */
export interface Defaults {
  readonly source: ProducerSource;
  readonly id: string;
  /** When it is published, epoch milliseconds. */
  readonly now: number;
}

/** An event whose `event.id` and `@timestamp` are fixed: publishing it again is still one log. */
export interface FixedEvent {
  readonly id: string;
  /** JSON. */
  readonly detail: string;
}

/** An event that cannot be published, with the reason. */
export class UnpublishableEvent extends Error {
  override readonly name = 'UnpublishableEvent';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Checks an event, and fixes what identifies its log (docs/contract.md#publishing-an-event). An event without a usable
 * `@timestamp` gets the time of publishing, as the service would give it.
 *
 * @throws UnpublishableEvent if the service would reject it, or if it is too large to be safe
 */
export function fixEvent(event: unknown, { source, id, now }: Defaults): FixedEvent {
  const detail = plainObject(event);
  const envelope = { id, source, 'detail-type': SECURITY_EVENT, time: new Date(now).toISOString(), detail };
  try {
    parseSecurityEvent(envelope);
  } catch (cause) {
    const { code, message } = cause as UnpublishableEvent;
    throw new UnpublishableEvent(code, message, { cause });
  }

  const group = detail['event'] as Record<string, unknown>;
  const fixedId = givenId(group['id']) ?? id;
  const given = detail['@timestamp'];
  const isUsable = typeof given === 'string' && parseEventTime(given) !== undefined;
  const json = JSON.stringify({
    ...detail,
    '@timestamp': isUsable ? given : envelope.time,
    event: { ...group, id: fixedId },
  });
  const bytes = Buffer.byteLength(json);
  if (bytes <= SAFE_DETAIL_BYTES) return { id: fixedId, detail: json };
  throw new UnpublishableEvent('too_large', `the event has ${bytes} bytes; accepted: ${SAFE_DETAIL_BYTES}`);
}

/** The event as JSON has it: a Date becomes a text, a field that is undefined is absent. */
function plainObject(event: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(JSON.stringify(event) ?? 'null');
  } catch (cause) {
    throw new UnpublishableEvent('not_json', `the event is not JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new UnpublishableEvent('not_json', 'the event is not an object');
}

/** The id that the service would read; undefined if it would use the envelope's, which differs with each attempt. */
function givenId(id: unknown): string | undefined {
  if (typeof id === 'number' || typeof id === 'boolean') return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
