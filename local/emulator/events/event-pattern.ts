import { type Fields, fieldsOf, type Place, together } from './event-fields.ts';
import { ABSENT, isObject, matcher, type Test } from './pattern-operators.ts';

export type EventPredicate = (event: object) => boolean;

/** What a pattern asks of one field: one of the tests holds, or the field may be absent. */
interface Wanted {
  readonly tests: readonly Test[];
  readonly absent: boolean;
}

/** One way to match: all of these fields match. By path. */
type Alternative = ReadonlyMap<string, Wanted>;

/**
 * Compiles an EventBridge pattern. Every field must match, by one element of its array; `$or` holds alternatives. As
 * in AWS's own matcher, a name with a dot in it and nested names are the same path. An array in the event matches by
 * any of its elements, but two fields never match by different elements of the same array.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html, https://github.com/aws/event-ruler
 *
 * @param place where the pattern stands, for errors
 * @throws Error naming the field and an operator that is unknown or malformed
 */
export function eventPattern(pattern: unknown, place: string): EventPredicate {
  const alternatives = compile(pattern, place, '').map((alternative) =>
    [...alternative].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const paths = new Set(alternatives.flatMap((fields) => fields.map(([path]) => path)));
  return (event) => {
    const fields = fieldsOf(event, paths);
    return alternatives.some((wanted) => matchFrom(0, wanted, fields, undefined));
  };
}

/**
 * Finds a field of the event for each wanted one, in the order of their paths.
 *
 * @param so where in the event's arrays the fields found so far stand
 */
function matchFrom(
  index: number,
  wanted: readonly (readonly [path: string, Wanted])[],
  fields: Fields,
  so: Place | undefined,
): boolean {
  const next = wanted[index];
  if (next === undefined) return true;
  const [path, { tests, absent }] = next;
  let seen = false;
  for (const { value, place } of fields.get(path) ?? []) {
    const both = together(so, place);
    if (both === 'elsewhere') continue;
    seen = true;
    const matches = tests.some((test) => test(value));
    if (matches && matchFrom(index + 1, wanted, fields, both)) return true;
  }
  return absent && !seen && matchFrom(index + 1, wanted, fields, so);
}

function compile(pattern: unknown, place: string, path: string): Alternative[] {
  if (!isObject(pattern)) throw new Error(`${place}: a pattern is an object, not ${JSON.stringify(pattern)}`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new Error(`${place}: a pattern has at least one field`);
  return entries
    .map(([name, value]) => {
      const here = `${place}.${name}`;
      if (name === '$or') return compileOr(value, here, path);
      const fieldPath = path === '' ? name : `${path}.${name}`;
      return Array.isArray(value)
        ? [new Map([[fieldPath, wantedBy(value, here)]])]
        : compile(value, here, fieldPath);
    })
    .reduce((all, more) => all.flatMap((one) => more.map((other) => merge(one, other, place))));
}

function compileOr(patterns: unknown, place: string, path: string): Alternative[] {
  if (!Array.isArray(patterns) || patterns.length < 2) {
    throw new Error(`${place}: alternatives are an array of two objects at least`);
  }
  return patterns.flatMap((pattern, index) => compile(pattern, `${place}[${index}]`, path));
}

function merge(one: Alternative, other: Alternative, place: string): Alternative {
  const twice = [...other.keys()].find((path) => one.has(path));
  if (twice !== undefined) throw new Error(`${place}: ${twice} stands there twice`);
  return new Map([...one, ...other]);
}

function wantedBy(elements: readonly unknown[], place: string): Wanted {
  if (elements.length === 0) throw new Error(`${place}: there is nothing in the array`);
  const matchers = elements.map((element) => matcher(element, place));
  return {
    tests: matchers.filter((found) => found !== ABSENT),
    absent: matchers.includes(ABSENT),
  };
}
