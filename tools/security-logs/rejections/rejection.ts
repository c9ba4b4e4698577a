import { parseJson } from '../../../shared/parse-json.ts';

/** An event that the service rejected (docs/contract.md#publishing-an-event). */
export interface Rejection {
  /** The `Source` of the event; `unknown` if it has none that can be read. */
  readonly source: string;
  readonly code: string;
  readonly message: string;
  /** When it was rejected, ISO 8601. */
  readonly rejectedAt: string;
  /** The original, or what the rejection has of it. */
  readonly event: unknown;
}

/** @param body the message of the rejected queue */
export function readRejection(body: string): Rejection {
  const envelope = groupOf(parseJson(body));
  const detail = groupOf(envelope['detail']);
  const reason = groupOf(detail['reason']);
  const event = detail['event'] ?? detail['cutEvent'];
  return {
    source: textOf(groupOf(event)['source'], sourceIn(event)),
    code: textOf(reason['code'], 'unknown'),
    message: textOf(reason['message'], ''),
    rejectedAt: textOf(envelope['time'], ''),
    event,
  };
}

/** EventBridge writes the source before the detail, so it is in the beginning of an original that is only a text. */
function sourceIn(event: unknown): string {
  const text = typeof event === 'string' ? event : textOf(groupOf(event)['beginning'], '');
  return /^[^{]*\{(?:(?!"detail"\s*:)[\s\S])*?"source"\s*:\s*"([^"\\]{1,256})"/.exec(text)?.[1] ?? 'unknown';
}

const groupOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const textOf = (value: unknown, otherwise: string): string =>
  typeof value === 'string' && value !== '' ? value : otherwise;
