import type { SecurityLog } from '../../../shared/log/security-log.ts';

/** A field in which the log differs from what was sent. */
export interface Correction {
  /** Such as `client.ip`. */
  readonly field: string;
  readonly what: 'dropped' | 'changed' | 'filled in';
  readonly sent?: unknown;
  readonly stored?: unknown;
}

/**
 * What the service changed, in the order of the fields as they were sent, then as they are stored. `event.id` is not a
 * field of the log; the store keeps it.
 */
export function correctionsOf(detail: unknown, log: SecurityLog): Correction[] {
  const sent = fieldsOf(detail);
  const stored = fieldsOf(log);
  sent.delete('event.id');
  const corrections: Correction[] = [];
  for (const [field, value] of sent) {
    const kept = stored.get(field);
    if (kept === undefined) corrections.push({ field, what: 'dropped', sent: value });
    else if (kept !== value) corrections.push({ field, what: 'changed', sent: value, stored: kept });
  }
  for (const [field, value] of stored)
    if (!sent.has(field)) corrections.push({ field, what: 'filled in', stored: value });
  return corrections;
}

/** The fields of the log are two levels of groups deep, three below `user_agent`; a deeper value is shown whole. */
const DEEPEST = 4;

function fieldsOf(
  value: unknown,
  path: readonly string[] = [],
  fields: Map<string, unknown> = new Map(),
): Map<string, unknown> {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isGroup || path.length === DEEPEST) fields.set(path.join('.'), value);
  else for (const [name, inner] of Object.entries(value)) fieldsOf(inner, [...path, name], fields);
  return fields;
}
