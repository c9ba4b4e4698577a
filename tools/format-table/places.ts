import * as z from 'zod/mini';
import { EVENT_ACTIONS, type EventAction } from '../../shared/event/actions.ts';
import { APPLICATIONS } from '../../shared/event/bus-events.ts';
import {
  address,
  flag,
  instant,
  type SecurityLog,
  securityLogSchema,
} from '../../shared/log/security-log.ts';

/** Finds out where a format puts each field of a log: by giving the field another value, and looking at what changes. */

/** Writes a log in a format, as an object. */
export type Format = (log: SecurityLog) => object;

/** Two values of each field, by its whole name. */
type Examples = ReadonlyMap<string, readonly [unknown, unknown]>;

const EXAMPLES: Examples = new Map(examplesOf(securityLogSchema, ''));

/** The names of the fields of a log, in its order. */
export const LOG_FIELDS = [...EXAMPLES.keys()];

function examplesOf(schema: z.core.$ZodType, name: string): [string, readonly [unknown, unknown]][] {
  if (schema instanceof z.ZodMiniOptional) return examplesOf(schema.def.innerType, name);
  if (schema instanceof z.ZodMiniObject)
    return Object.entries(schema.shape).flatMap(([member, of]) =>
      examplesOf(of, name === '' ? member : `${name}.${member}`),
    );
  return [[name, exampleValues(schema, name)]];
}

function exampleValues(schema: z.core.$ZodType, name: string): readonly [unknown, unknown] {
  // The actions are varied by `placesOf`.
  if (name === 'event.action') return [EVENT_ACTIONS[0], EVENT_ACTIONS[0]];
  if (name === 'label.app_type') return APPLICATIONS;
  // OCSF takes the version from the full name.
  if (name === 'os.family') return ['system', 'other'];
  if (name === 'os.full') return ['system 1', 'system 2'];
  if (schema === flag) return [true, false];
  if (schema === address) return ['192.0.2.1', '192.0.2.2'];
  if (schema === instant) return ['2026-11-21T09:00:00.000Z', '2026-11-21T09:00:00.001Z'];
  const text = name.replaceAll('_', '-');
  return [text, `${text}.2`];
}

/**
 * The places that depend on a field.
 *
 * @param field its whole name
 * @param actions those for which the places are wanted
 * @returns the whole names of the places, in the order of the format; a list has the place of its elements
 */
export function placesOf(format: Format, field: string, actions: readonly EventAction[]): string[] {
  const places = new Set<string>();
  for (const action of actions) {
    const [one, other] = field === 'event.action' ? [action, actions[0]] : (EXAMPLES.get(field) ?? []);
    const before = valuesOf(format(exampleLog(action, field, one)));
    const after = valuesOf(format(exampleLog(action, field, other)));
    for (const place of new Set([...before.keys(), ...after.keys()]))
      if (before.get(place) !== after.get(place)) places.add(place);
  }
  return [...places];
}

/** A log that has every field, and this one with this value. */
function exampleLog(action: EventAction, field: string, value: unknown): SecurityLog {
  const log = {};
  for (const [name, [example]] of EXAMPLES) put(log, name.split('.'), name === field ? value : example);
  const full = log as SecurityLog;
  // With another family the full name would no longer begin with it.
  const os = field === 'os.family' ? { family: String(value) } : full.os;
  return {
    ...full,
    os,
    event: { ...full.event, action: field === 'event.action' ? (value as EventAction) : action },
  };
}

function put(group: Record<string, unknown>, [name = '', ...path]: readonly string[], value: unknown): void {
  if (path.length === 0) {
    group[name] = value;
    return;
  }
  group[name] ??= {};
  put(group[name] as Record<string, unknown>, path, value);
}

function valuesOf(value: unknown, name = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[name, value]]);
  return new Map(
    Object.entries(value).flatMap(([member, of]) => {
      const whole = Array.isArray(value) ? name : name === '' ? member : `${name}.${member}`;
      return [...valuesOf(of, whole)];
    }),
  );
}
