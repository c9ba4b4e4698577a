import { FLAG_FIELDS, LOG_FIELD_NAMES } from './field-names.ts';
import type { KeyedDigest } from './keyed-digest.ts';
import type { LogField, TextField } from './log-fields.ts';
import type { SecurityLog } from './security-log.ts';

/** Drops and hashes fields of a log before it is stored (docs/personal-data.md). */

/** What every log has. */
const REQUIRED_FIELDS = ['ecs.version', '@timestamp', 'event.action', 'label.app_type'] as const;
type RequiredField = (typeof REQUIRED_FIELDS)[number];

export type DroppableField = Exclude<LogField, RequiredField>;
export type HashableField = Exclude<TextField, RequiredField>;

const isRequired = (field: LogField): field is RequiredField =>
  (REQUIRED_FIELDS as readonly LogField[]).includes(field);

/** The fields that a log can do without, in the order of the log. */
export const DROPPABLE_FIELDS = LOG_FIELD_NAMES.filter(
  (field): field is DroppableField => !isRequired(field),
);

/** The same without the booleans: a hash of one of two values hides nothing. */
export const HASHABLE_FIELDS = DROPPABLE_FIELDS.filter(
  (field): field is HashableField => !FLAG_FIELDS.includes(field),
);

/** No field is in both. */
export interface PersonalData {
  readonly drop: readonly DroppableField[];
  readonly hash: readonly HashableField[];
}

/** Gives a log to store in the place of a log. */
export type ProtectLog = (log: SecurityLog) => SecurityLog;

/** What becomes of the members of a group, by their names. A member that is not there stays as it is. */
type Plan = Map<string, Change | Plan>;
/** @returns undefined if the field is left out */
type Change = (value: string) => string | undefined;

/** @param digest is not called if no field is hashed */
export function logProtector({ drop, hash }: PersonalData, digest: KeyedDigest): ProtectLog {
  const plan: Plan = new Map();
  for (const field of drop) add(plan, field.split('.'), () => undefined);
  for (const field of hash)
    add(plan, field.split('.'), field === 'client.ip' ? hashAddress(digest) : hashText(digest));
  return (log) => changed(log, plan) as SecurityLog;
}

function add(plan: Plan, [name = '', ...rest]: readonly string[], change: Change): void {
  if (rest.length === 0) {
    plan.set(name, change);
    return;
  }
  const group = (plan.get(name) as Plan | undefined) ?? new Map();
  plan.set(name, group);
  add(group, rest, change);
}

/** @returns a copy of the group; undefined if nothing is left of it, because a log has no empty group */
function changed(group: object, plan: Plan): object | undefined {
  let copy: Record<string, unknown> | undefined;
  for (const name in group) {
    const value = group[name as keyof typeof group] as object | string;
    const part = plan.get(name);
    const kept = part === undefined ? value : change(value, part);
    if (kept === undefined) continue;
    copy ??= {};
    copy[name] = kept;
  }
  return copy;
}

const change = (value: object | string, part: Change | Plan): object | string | undefined =>
  typeof part === 'function' ? part(value as string) : changed(value as object, part);

/** What the hash of a text begins with. */
export const HASH_PREFIX = 'hmac-';
/** 128 bits: RFC 2104, section 5, lets a half of the digest be left out. */
const HASH_DIGITS = 32;

const hashText =
  (digest: KeyedDigest): Change =>
  (value) =>
    HASH_PREFIX + digest(value).slice(0, HASH_DIGITS);

/** The unique local addresses: no host of the internet has one of them (RFC 4193, section 3). */
const ADDRESS_PREFIX = 'fd';

/**
 * An address, because ECS and OCSF allow nothing else in the field: 120 bits of the digest behind the prefix. It is always
 * written in full, so that equal addresses are equal texts.
 */
const hashAddress =
  (digest: KeyedDigest): Change =>
  (value) =>
    `${ADDRESS_PREFIX}${digest(canonicalAddress(value))}`.slice(0, 32).replace(/.{4}(?!$)/g, '$&:');

/** An IPv6 address can be written in several ways, and the URL Standard has one of them. */
const canonicalAddress = (value: string): string =>
  value.includes(':') ? new URL(`http://[${value}]`).hostname.slice(1, -1) : value;
