/** What Filebeat's input `cel` makes of its configuration, and of what its program gives. */

export interface CelInput {
  /** Milliseconds. */
  readonly interval: number;
  readonly program: string;
  /** What the program begins with: the members of `state`, and the `url` of the resource. */
  readonly state: Readonly<Record<string, string>>;
}

/**
 * Reads the parts of a filebeat.yml that the program needs. It is no YAML parser: it reads the way in which
 * docs/connectors/elastic-cel.md writes them.
 *
 * @throws Error naming what it does not find
 */
export function readCelInput(yaml: string, env: Readonly<Record<string, string | undefined>>): CelInput {
  const found = (what: string, pattern: RegExp): string => {
    const [, value] = pattern.exec(yaml) ?? [];
    if (value === undefined) throw new Error(`filebeat.yml has no ${what}`);
    return value;
  };
  const state = found('state on one line', /^ +state: \{ (.*) \}$/m)
    .split(', ')
    .map((member): [string, string] => {
      const [, name = '', value = ''] = /^(\w+): "?([^"]*)"?$/.exec(member) ?? [];
      return [name, value.replace(/\$\{(\w+)\}/g, (_, variable) => env[variable] ?? '')];
    });
  const [, indent = '', first = ''] = /^( +)program: \|\n((?: .*\n)+)/m.exec(yaml) ?? [];
  const lines = first.split('\n');
  const end = lines.findIndex((line) => !line.startsWith(`${indent} `));
  if (end < 1) throw new Error('filebeat.yml has no program');
  return {
    interval: Number(found('interval in seconds', /^ +interval: (\d+)s$/m)) * 1000,
    program: lines.slice(0, end).join('\n'),
    state: {
      ...Object.fromEntries(state),
      url: found('resource.url', /^ +resource\.url: (\S+)$/m),
    },
  };
}

/** The evaluations in what `mito` prints: each an object that ends with a bracket at the beginning of a line. */
export const evaluationsIn = (printed: string): Record<string, unknown>[] =>
  [...printed.matchAll(/^\{\n[\s\S]*?^\}$/gm)].map(([json]) => JSON.parse(json));

/**
 * What becomes of an evaluation: one event that is not in a list is an error. It is an event, too, but the cursor does not
 * move. Without events the cursor is not saved, either.
 */
export function takeEvaluation({ events, cursor }: Record<string, unknown>): {
  readonly events: readonly unknown[];
  readonly next: unknown;
} {
  return Array.isArray(events) ? { events, next: cursor } : { events: [events], next: undefined };
}
