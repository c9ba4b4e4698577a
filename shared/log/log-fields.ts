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
    collect(this.#fields, '', log);
  }

  /** @returns the value of the field, and undefined where it is absent, was taken before, or is not accepted: then it stays */
  take(name: TextField, accepts: (value: string) => boolean = () => true): string | undefined {
    const value = this.#fields.get(name) as string | undefined;
    if (value === undefined || !accepts(value)) return undefined;
    this.#fields.delete(name);
    return value;
  }

  /** The fields that were not taken, in the order of the log. Booleans are `true` and `false`. */
  rest(): [name: string, value: string][] {
    return Array.from(this.#fields, ([name, value]) => [name, String(value)]);
  }
}

function collect(fields: Map<string, string | boolean>, path: string, group: object): void {
  for (const [name, value] of Object.entries(group))
    if (typeof value === 'object') collect(fields, `${path}${name}.`, value);
    else fields.set(path + name, value);
}
