import { createHash } from 'node:crypto';
import type { EventRejected } from '../errors.ts';
import { parseJson } from '../parse-json.ts';
import { MAX_NESTING, SAFE_DETAIL_BYTES } from './bus-limits.ts';

/**
 * `Security Event Rejected`, which the service says on the bus of an event that cannot be a log: the reason, and the
 * original (docs/custom-services.md, "Subscribing to the bus").
 */

/** Of an original that does not fit whole, in UTF-16 code units: as JSON each takes 6 bytes at most. */
const BEGINNING = 100_000;

/**
 * The `Detail` of the rejection, as JSON: `reason`, and the original as `event`, in the text in which it came (parsing
 * and writing it again could change or even break it). Of an original that does not fit, `cutEvent` has the beginning,
 * the size in bytes and the SHA-256 of its UTF-8.
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
    sha256: createHash('sha256').update(body).digest('hex'),
  };
  return `{"reason":${reason},"cutEvent":${JSON.stringify(cutEvent)}}`;
}

/** Whether a text is JSON that EventBridge takes inside the detail; otherwise it goes there as a string. */
const isEmbeddable = (body: string): boolean => parseJson(body) !== undefined && nesting(body) < MAX_NESTING;

/** How many objects and arrays of a JSON text are inside each other. */
function nesting(json: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') deepest = Math.max(deepest, ++depth);
    else if (token === '}' || token === ']') depth -= 1;
  }
  return deepest;
}
