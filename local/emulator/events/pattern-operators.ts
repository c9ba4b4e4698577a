import { BlockList, isIP } from 'node:net';
import type { Leaf } from './event-fields.ts';

/**
 * The comparison operators of EventBridge patterns.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

/** Whether one value of a field matches. */
export type Test = (leaf: Leaf) => boolean;

/** Asks for a field that has no value at all. */
export const ABSENT = Symbol('absent');

export type Matcher = Test | typeof ABSENT;

type Operator<Result> = (operand: unknown, path: string) => Result;

/** Operators on text, which `anything-but` can negate. */
const TEXT_OPERATORS: Readonly<Record<string, Operator<Test>>> = {
  prefix: affix('prefix', (text, prefix) => text.startsWith(prefix)),
  suffix: affix('suffix', (text, suffix) => text.endsWith(suffix)),
  'equals-ignore-case': (operand, path) => {
    const expected = textOf('equals-ignore-case', operand, path).toLowerCase();
    return onText((text) => text.toLowerCase() === expected);
  },
  /** `*` stands for any characters, `\*` and `\\` for themselves. */
  wildcard: (operand, path) => {
    const pattern = textOf('wildcard', operand, path);
    if (/(?<!\\)\*\*/.test(pattern)) throw malformed(path, 'wildcard', pattern);
    const source = pattern.replace(/\\[\\*]|[\s\S]/g, (part) =>
      part === '*' ? '[\\s\\S]*' : part.slice(-1).replace(/[\\^$.*+?()[\]{}|]/, '\\$&'),
    );
    const expression = new RegExp(`^${source}$`);
    return onText((text) => expression.test(text));
  },
};

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

const OPERATORS: Readonly<Record<string, Operator<Matcher>>> = {
  exists: (operand, path) => {
    if (typeof operand !== 'boolean') throw malformed(path, 'exists', operand);
    return operand ? () => true : ABSENT;
  },
  'anything-but': (operand, path) => {
    const excluded = anyOf(isObject(operand) ? textTests(operand, path) : literals(operand, path));
    return (leaf) => !excluded(leaf);
  },
  /** `[">", 0, "<=", 5]`: every comparison holds. */
  numeric: (operand, path) => {
    const wrong = malformed(path, 'numeric', operand);
    if (!Array.isArray(operand) || operand.length === 0 || operand.length % 2 !== 0) throw wrong;
    const tests = Array.from({ length: operand.length / 2 }, (_, index) => {
      const compare = COMPARISONS[String(operand[2 * index])];
      const limit: unknown = operand[2 * index + 1];
      if (compare === undefined || typeof limit !== 'number') throw wrong;
      return (value: number) => compare(value, limit);
    });
    return (leaf) => typeof leaf === 'number' && tests.every((test) => test(leaf));
  },
  cidr: (operand, path) => {
    const [network = '', bits = ''] = textOf('cidr', operand, path).split('/');
    try {
      return inBlock((block) => block.addSubnet(network, Number.parseInt(bits, 10), familyOf(network)));
    } catch (cause) {
      throw malformed(path, 'cidr', operand, cause);
    }
  },
};

/**
 * Compiles one element of a pattern's array: a value, or an object with one operator.
 *
 * @param path where it stands, for errors
 * @throws Error naming an operator that is unknown, or whose operand is malformed
 */
export function matcher(element: unknown, path: string): Matcher {
  // An address also matches where the event has it in another form.
  if (isAddress(element)) return inBlock((block) => block.addAddress(element, familyOf(element)));
  if (!isObject(element)) return anyOf(literals(element, path));
  const [[name, operand] = ['', undefined], ...more] = Object.entries(element);
  if (more.length > 0) throw new Error(`${path}: one operator at a time, not ${JSON.stringify(element)}`);
  return OPERATORS[name]?.(operand, path) ?? anyOf(textTests(element, path));
}

const anyOf =
  (tests: readonly Test[]): Test =>
  (leaf) =>
    tests.some((test) => test(leaf));

const onText =
  (test: (text: string) => boolean): Test =>
  (leaf) =>
    typeof leaf === 'string' && test(leaf);

function literals(operand: unknown, path: string): Test[] {
  return [operand].flat().map((expected) => {
    if (typeof expected === 'object' && expected !== null) throw malformed(path, 'a value', expected);
    return (leaf) => leaf === expected;
  });
}

/** `{"prefix": "a"}`, and within `anything-but` also `{"prefix": ["a", "b"]}`. */
function textTests(operators: object, path: string): Test[] {
  return Object.entries(operators).flatMap(([name, operands]) => {
    const operator = TEXT_OPERATORS[name];
    if (operator === undefined) throw new Error(`${path}: the operator ${name} is unknown to the local bus`);
    return [operands].flat().map((operand) => operator(operand, path));
  });
}

/** A prefix or suffix, exact or as `{"equals-ignore-case": "a"}`. */
function affix(name: string, has: (text: string, affix: string) => boolean): Operator<Test> {
  return (operand, path) => {
    if (!isObject(operand)) {
      const expected = textOf(name, operand, path);
      return onText((text) => has(text, expected));
    }
    const { 'equals-ignore-case': given, ...more } = operand;
    if (Object.keys(more).length > 0) throw malformed(path, name, operand);
    const expected = textOf(name, given, path).toLowerCase();
    return onText((text) => has(text.toLowerCase(), expected));
  };
}

const isAddress = (value: unknown): value is string => typeof value === 'string' && isIP(value) !== 0;
const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

function inBlock(fill: (block: BlockList) => void): Test {
  const block = new BlockList();
  fill(block);
  return onText((text) => isAddress(text) && block.check(text, familyOf(text)));
}

function textOf(name: string, operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw malformed(path, name, operand);
  return operand;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const malformed = (path: string, what: string, operand: unknown, cause?: unknown): Error =>
  new Error(`${path}: ${what} cannot be ${JSON.stringify(operand)}`, { cause });
