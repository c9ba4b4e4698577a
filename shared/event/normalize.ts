import { isIP } from 'node:net';
import * as z from 'zod/mini';
import { address, flag, LONG_TEXT_LIMIT, longText, TEXT_LIMIT } from '../log/security-log.ts';

/**
 * Makes what a producer sent fit a schema of texts, flags and addresses, so that nothing an end user controls can
 * make an event fail (docs/contract.md#publishing-an-event, "What an end user controls"). It never throws and never rejects: a value
 * that cannot be made to fit is absent.
 */

/** A document under construction: every group is there, in the schema's order; a leaf may be undefined. */
export type Draft<T> = {
  -readonly [K in keyof T]-?: NonNullable<T[K]> extends object
    ? Draft<NonNullable<T[K]>>
    : (NonNullable<T[K]> extends boolean ? boolean : string) | undefined;
};

/** A kind of text that keeps its length, for `tidier`. */
export const uncutText = z.string();

/** What was found in a producer's value, counted. */
export interface Findings {
  /** Fields that the schema does not have. */
  unknownFields: number;
  /** Numbers where a text belongs, which became one: as JavaScript writes them, not with the digits of the JSON. */
  numbers: number;
}

type Tidy = (value: unknown, findings: Findings) => unknown;

/**
 * @param schema an object schema whose leaves are the field kinds of `security-log.ts`
 * @returns a function that takes a producer's value and returns the draft of it; it adds to `findings`
 */
export function tidier<S extends z.ZodMiniObject>(
  schema: S,
): (value: unknown, findings: Findings) => Draft<z.infer<S>> {
  return group(schema) as ReturnType<typeof tidier<S>>;
}

function tidyKind(schema: unknown): Tidy {
  const kind = schema instanceof z.ZodMiniOptional ? schema.def.innerType : schema;
  if (kind instanceof z.ZodMiniObject) return group(kind);
  if (kind === flag) return asFlag;
  if (kind === address) return firstAddress;
  if (kind === uncutText) return asText;
  const limit = kind === longText ? LONG_TEXT_LIMIT : TEXT_LIMIT;
  return (value, findings) => {
    const given = asText(value, findings);
    return given === undefined ? undefined : cut(given, limit);
  };
}

function group(schema: z.ZodMiniObject): Tidy {
  const fields = Object.entries(schema.shape).map(([name, kind]) => [name, tidyKind(kind)] as const);
  const known = new Set(fields.map(([name]) => name));
  return (value, findings) => {
    const given = isRecord(value) ? value : {};
    for (const name of Object.keys(given)) if (!known.has(name)) findings.unknownFields += 1;
    const draft: Record<string, unknown> = {};
    for (const [name, tidy] of fields) draft[name] = tidy(given[name], findings);
    return draft;
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Text of a text, number or boolean; absent for anything else and for the empty text. */
function asText(value: unknown, findings: Findings): string | undefined {
  if (typeof value === 'number') findings.numbers += 1;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asFlag(value: unknown): boolean | undefined {
  if (value === 'true') return true;
  if (value === 'false') return false;
  return typeof value === 'boolean' ? value : undefined;
}

/** Cuts to `limit` UTF-16 code units, the last of them `…`, never inside a code point; lone surrogates are replaced. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value.toWellFormed();
  const splitsPair =
    isHighSurrogate(value.charCodeAt(limit - 2)) && isLowSurrogate(value.charCodeAt(limit - 1));
  return `${value.slice(0, splitsPair ? limit - 2 : limit - 1).toWellFormed()}…`;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** `[2001:db8::1]`, `[2001:db8::1]:443` and `192.0.2.1:443`, as proxies write an address with its port. */
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

/** @returns the draft without what is undefined and without the groups that are left with nothing */
export const prune = <T extends object>(draft: T): T => (pruned(draft) ?? {}) as T;

/** Made anew: copying the fields that stay takes less time than deleting the others. */
function pruned(group: object): object | undefined {
  let kept: Record<string, unknown> | undefined;
  for (const [name, given] of Object.entries(group)) {
    const value: unknown = typeof given === 'object' && given !== null ? pruned(given) : given;
    if (value === undefined) continue;
    kept ??= {};
    kept[name] = value;
  }
  return kept;
}
