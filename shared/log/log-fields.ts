import type { SecurityLog } from './security-log.ts';

/** The names of the fields of a group, each with the names of the groups it lies in: `user_agent.os.is_mobile_device`. */
type FieldsOf<T, Kind, Path extends string = ''> = {
  [K in keyof T & string]: NonNullable<T[K]> extends object
    ? FieldsOf<NonNullable<T[K]>, Kind, `${Path}${K}.`>
    : NonNullable<T[K]> extends Kind
      ? `${Path}${K}`
      : never;
}[keyof T & string];

export type LogField = FieldsOf<SecurityLog, string | boolean>;
/** A field whose value is a text. */
export type TextField = FieldsOf<SecurityLog, string>;

/**
 * The fields of a log, taken out one by one. A format takes those that it has a place for, and then finds a place for the
 * others: so no field is lost, not even one that the log gets later.
 */
export class LogFields {
  readonly #fields = new Map<string, string | boolean>();

  constructor(log: SecurityLog) {
    collect(this.#fields, ROOT, log);
  }

  /** @returns the value of the field, and undefined where it is absent, was taken before, or is not accepted: then it stays */
  take(name: TextField, accepts?: (value: string) => boolean): string | undefined {
    const value = this.#fields.get(name) as string | undefined;
    if (value === undefined || accepts?.(value) === false) return undefined;
    this.#fields.delete(name);
    return value;
  }

  /** The fields that were not taken by their names, in the order of the log. Booleans are `true` and `false`. */
  rest(): Record<string, string> {
    const rest: Record<string, string> = {};
    for (const [name, value] of this.#fields) rest[name] = String(value);
    return rest;
  }
}

/** The whole names of the members of a group. They are kept, because putting them together takes most of the time. */
interface Names {
  readonly whole: string;
  readonly members: Map<string, Names>;
}

const ROOT: Names = { whole: '', members: new Map() };

function collect(fields: Map<string, string | boolean>, names: Names, group: object): void {
  for (const name in group) {
    const value = group[name as keyof typeof group] as object | string | boolean;
    const own = memberOf(names, name);
    if (typeof value === 'object') collect(fields, own, value);
    else fields.set(own.whole, value);
  }
}

function memberOf({ whole, members }: Names, name: string): Names {
  const known = members.get(name);
  if (known !== undefined) return known;
  const member = { whole: whole === '' ? name : `${whole}.${name}`, members: new Map() };
  members.set(name, member);
  return member;
}
