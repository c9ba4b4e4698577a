import { EventRejected, type RejectionCode } from '../../../shared/errors.ts';
import { SECURITY_EVENT } from '../../../shared/event/bus-events.ts';
import { MAX_NESTING, SAFE_DETAIL_BYTES } from '../../../shared/event/bus-limits.ts';
import { readSecurityEvent } from '../../../shared/event/security-event.ts';
import type { SecurityLog } from '../../../shared/log/security-log.ts';
import { parseJson } from '../../../shared/parse-json.ts';
import { type Correction, correctionsOf } from './corrections.ts';

/** What EventBridge would add to a detail. */
export interface Envelope {
  readonly source: string;
  readonly id: string;
  /** ISO 8601. */
  readonly time: string;
}

export interface Accepted {
  readonly accepted: true;
  readonly application: string;
  /** The id of the log: the event's own, or the envelope's. */
  readonly id: string;
  readonly log: SecurityLog;
  readonly corrections: readonly Correction[];
}

export interface Rejected {
  readonly accepted: false;
  /** `not_on_the_bus`: EventBridge would refuse or lose it, so the service would never see it. */
  readonly reason: { readonly code: RejectionCode | 'not_on_the_bus'; readonly message: string };
}

/**
 * Does with an event what the service does (docs/contract.md#publishing-an-event).
 *
 * @param text the JSON of a detail, of an entry of `PutEvents` or of an event as EventBridge delivers it
 */
export function checkEvent(text: string, envelope: Envelope): Accepted | Rejected {
  const { json, detail } = delivered(text, envelope);
  const onTheBus = whyNotOnTheBus(detail);
  if (onTheBus !== undefined)
    return { accepted: false, reason: { code: 'not_on_the_bus', message: onTheBus } };
  try {
    const { application, id, log } = readSecurityEvent(json);
    return { accepted: true, application, id, log, corrections: correctionsOf(parseJson(detail), log) };
  } catch (error) {
    if (!(error instanceof EventRejected)) throw error;
    return { accepted: false, reason: { code: error.code, message: error.message } };
  }
}

/** The event as EventBridge delivers it. The detail keeps its text, because the digits of its numbers count. */
function delivered(text: string, { source, id, time }: Envelope): { json: string; detail: string } {
  const value = parseJson(text);
  const given = isRecord(value) ? value : {};
  if ('detail-type' in given) return { json: text, detail: JSON.stringify(given['detail']) ?? '' };
  const isEntry = typeof given['Detail'] === 'string';
  const detail = isEntry ? String(given['Detail']) : text;
  const type = isEntry ? given['DetailType'] : SECURITY_EVENT;
  const head = { id, source: isEntry ? given['Source'] : source, 'detail-type': type, time };
  return { json: `${JSON.stringify(head).slice(0, -1)},"detail":${detail}}`, detail };
}

/** @returns undefined if EventBridge takes and delivers it */
function whyNotOnTheBus(detail: string): string | undefined {
  const value = parseJson(detail);
  if (!isRecord(value)) return 'the Detail is not a JSON object, so PutEvents refuses it as MalformedDetail';
  if (isDeeper(value, MAX_NESTING))
    return `the Detail is nested deeper than ${MAX_NESTING}, so PutEvents refuses it`;
  const bytes = Buffer.byteLength(detail);
  if (bytes <= SAFE_DETAIL_BYTES) return undefined;
  return `the Detail has ${bytes} bytes; accepted: ${SAFE_DETAIL_BYTES}. A larger one may be lost on the way`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether objects and arrays are nested deeper than `limit`. */
function isDeeper(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeper(inner, limit - 1));
}
