import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { LONG_TEXT_LIMIT, TEXT_LIMIT } from '../log/field-limits.ts';
import { address, flag, instant, longText, text } from '../log/security-log.ts';

/**
 * Normalizes what a producer sent: converts each value to the kind of its field, so that nothing an end user controls
 * can make an event fail (docs/contract.md#publishing-an-event). Normalizing never throws: a value that cannot be
 * converted is absent.
 */

/** A document under construction. It has every group, in the order of the schema; a leaf may be undefined. */
export type Draft<T> = {
  -readonly [K in keyof T]-?: NonNullable<T[K]> extends object
    ? Draft<NonNullable<T[K]>>
    : (NonNullable<T[K]> extends boolean ? boolean : string) | undefined;
};

/** The kind of a text that is not cut. */
export const uncutText = z.string();

/** Counts of what was found in a producer's value. */
export interface Findings {
  /** Fields that the schema does not have; they are dropped. */
  unknownFields: number;
  /** Numbers in the place of a text. They became texts as JavaScript writes them, not with the digits of the JSON. */
  numbers: number;
}

type Normalize = (value: unknown, findings: Findings) => unknown;

/**
 * @param schema an object schema whose leaves are of the kinds in `shared/log/security-log.ts`, enums, or `uncutText`
 * @returns a function that normalizes a producer's value to a draft, and adds to `findings`
 * @throws Error if the schema has a field of another kind
 */
export function normalizer<S extends z.ZodMiniObject>(
  schema: S,
): (value: unknown, findings: Findings) => Draft<z.infer<S>> {
  return groupNormalizer(schema) as ReturnType<typeof normalizer<S>>;
}

function kindNormalizer(name: string, schema: unknown): Normalize {
  const kind = schema instanceof z.ZodMiniOptional ? schema.def.innerType : schema;
  if (kind instanceof z.ZodMiniObject) return groupNormalizer(kind);
  if (kind === flag) return asFlag;
  if (kind === address) return firstAddress;
  if (kind === uncutText) return asText;
  if (kind === longText) return cutText(LONG_TEXT_LIMIT);
  // An instant and a value of an enum are checked later.
  if (kind === text || kind === instant || kind instanceof z.ZodMiniEnum) return cutText(TEXT_LIMIT);
  throw new Error(`the field ${name} is of a kind that cannot be normalized`);
}

function groupNormalizer(schema: z.ZodMiniObject): Normalize {
  const fields = Object.entries(schema.shape).map(
    ([name, kind]) => [name, kindNormalizer(name, kind)] as const,
  );
  const known = new Set(fields.map(([name]) => name));
  return (value, findings) => {
    const given = isRecord(value) ? value : {};
    for (const name of Object.keys(given)) if (!known.has(name)) findings.unknownFields += 1;
    const draft: Record<string, unknown> = {};
    for (const [name, normalize] of fields) draft[name] = normalize(given[name], findings);
    return draft;
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The text of a text, number or boolean; undefined for anything else and for the empty text. */
function asText(value: unknown, findings: Findings): string | undefined {
  if (typeof value === 'number') findings.numbers += 1;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const cutText =
  (limit: number): Normalize =>
  (value, findings) => {
    const given = asText(value, findings);
    return given === undefined ? undefined : cut(given, limit);
  };

function asFlag(value: unknown): boolean | undefined {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
}

/**
 * Cuts a text that is longer than `limit` UTF-16 code units to at most as many, the last of them `…`, and never inside a
 * code point. Lone surrogates become U+FFFD.
 */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value.toWellFormed();
  const splitsPair =
    isHighSurrogate(value.charCodeAt(limit - 2)) && isLowSurrogate(value.charCodeAt(limit - 1));
  return `${value.slice(0, splitsPair ? limit - 2 : limit - 1).toWellFormed()}…`;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** An address with its port, as proxies write it: `[2001:db8::1]`, `[2001:db8::1]:443` or `192.0.2.1:443`. */
const ADDRESS_WITH_PORT = /^\[([^\]]+)\](?::\d+)?$|^([^:]+):\d+$/;

/** The first valid address of a list like `1.2.3.4, [2001:db8::1]:443`, without port and zone. */
function firstAddress(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  for (const part of value.split(',')) {
    const candidate = part.trim();
    const match = ADDRESS_WITH_PORT.exec(candidate);
    const withoutZone = (match?.[1] ?? match?.[2] ?? candidate).replace(/%.*$/s, '');
    if (isIP(withoutZone)) return withoutZone;
  }
  return undefined;
}

/** @returns the draft without undefined leaves, and without the groups that are empty then */
export const prune = <T extends object>(draft: T): T => (pruned(draft) ?? {}) as T;

/** Copies the fields that stay, which takes less time than deleting the others. */
function pruned(group: object): object | undefined {
  let copy: Record<string, unknown> | undefined;
  for (const name in group) {
    const given: unknown = (group as Record<string, unknown>)[name];
    const value = typeof given === 'object' && given !== null ? pruned(given) : given;
    if (value === undefined) continue;
    copy ??= {};
    copy[name] = value;
  }
  return copy;
}
