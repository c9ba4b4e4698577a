import type { EventRejected } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { sha256 } from '../sha256.ts';
import { MAX_NESTING, SAFE_DETAIL_BYTES } from './bus-limits.ts';

/**
 * `Security Event Rejected`, which the service publishes for an event that cannot be a log: the reason, and the
 * original (docs/contract.md#publishing-an-event).
 */

/** How much of an original that is too large is repeated, UTF-16 code units. In JSON each takes at most 6 bytes. */
const BEGINNING = 100_000;

/**
 * The `Detail` of the rejection, as JSON: `reason`, and the original as `event`. The original keeps its text, because
 * parsing and writing it again could change or even break it. If it is too large, `cutEvent` has its beginning, its size
 * in bytes and the SHA-256 of its UTF-8 instead.
 *
 * @param body the message that was rejected
 */
export function rejectedDetail({ code, message }: EventRejected, body: string): string {
  const reason = JSON.stringify({ code, message });
  const whole = `{"reason":${reason},"event":${isEmbeddable(body) ? body : JSON.stringify(body)}}`;
  if (Buffer.byteLength(whole) <= SAFE_DETAIL_BYTES) return whole;
  const cutEvent = {
    beginning: body.slice(0, BEGINNING).toWellFormed(),
    bytes: Buffer.byteLength(body),
    sha256: sha256(body),
  };
  return `{"reason":${reason},"cutEvent":${JSON.stringify(cutEvent)}}`;
}

/** Whether a text is JSON that EventBridge accepts inside a detail. Otherwise the text is embedded as a string. */
const isEmbeddable = (body: string): boolean => parseJson(body) !== undefined && nesting(body) < MAX_NESTING;

/** How deep the objects and arrays of a JSON text are nested. */
function nesting(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}
