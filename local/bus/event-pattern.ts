import { type Leaf, type Matcher, matcher } from './matchers.ts';

/** Whether an event matches a pattern. */
export type EventPredicate = (event: unknown) => boolean;

/**
 * Compiles an EventBridge pattern: every field must match, one element of its array suffices, and `$or` holds
 * alternatives. An array in the event matches if one of its elements does.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 *
 * @param path where the pattern stands, for errors
 * @throws Error naming the field and an operator that is unknown or malformed
 */
export function eventPattern(pattern: unknown, path: string): EventPredicate {
  if (typeof pattern !== 'object' || pattern === null || Array.isArray(pattern)) {
    throw new Error(`${path}: a pattern is an object, not ${JSON.stringify(pattern)}`);
  }
  const fields = Object.entries(pattern).map(([name, value]) => {
    const place = `${path}.${name}`;
    if (name === '$or') return alternatives(value, place);
    const test = Array.isArray(value) ? leafPredicate(value, place) : nestedPredicate(value, place);
    return (event: object) => test((event as Record<string, unknown>)[name]);
  });
  return (event) => {
    const object = isObject(event) ? event : {};
    return fields.every((matches) => matches(object));
  };
}

function alternatives(patterns: unknown, path: string): EventPredicate {
  if (!Array.isArray(patterns)) throw new Error(`${path}: alternatives are an array`);
  const predicates = patterns.map((pattern, index) => eventPattern(pattern, `${path}[${index}]`));
  return (event) => predicates.some((matches) => matches(event));
}

function leafPredicate(elements: unknown[], path: string): EventPredicate {
  const matchers: Matcher[] = elements.map((element) => matcher(element, path));
  return (value) => {
    const leaves = leavesOf(value);
    return matchers.some((matches) => matches(leaves));
  };
}

/** Of an array of objects one must match as a whole. A field that is no object has no fields in it. */
function nestedPredicate(pattern: unknown, path: string): EventPredicate {
  const matches = eventPattern(pattern, path);
  return (value) => {
    const objects = elementsOf(value).filter(isObject);
    return objects.length === 0 ? matches({}) : objects.some(matches);
  };
}

const elementsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value.flat(Infinity) : [value]);

const leavesOf = (value: unknown): Leaf[] =>
  elementsOf(value).filter((element): element is Leaf => element !== undefined && !isObject(element));

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
