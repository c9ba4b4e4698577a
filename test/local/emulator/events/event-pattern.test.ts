import { describe, expect, test } from 'vitest';
import { eventPattern } from '../../../../local/emulator/events/event-pattern.ts';
import { PATTERN_CASES } from '../../fixtures/event-pattern-cases.ts';

const matches = (pattern: object, event: object): boolean => eventPattern(pattern, 'pattern')(event);

/** Examples in the manner of https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html */
describe('an event pattern', () => {
  test.each<[string, unknown, unknown[], unknown[]]>([
    ['a value', ['running'], ['running'], ['Running', 'runnin', undefined, 1, null, {}]],
    ['one of several values', ['stopped', 5, true], ['stopped', 5, true], ['5', 'true', 6, false]],
    ['null', [null], [null], [undefined, '', 0, 'null']],
    ['an empty string', [''], [''], [undefined, ' ']],
    ['prefix', [{ prefix: 'us-' }], ['us-east-1', 'us-'], ['eu-us-', 5, undefined, 'US-']],
    ['prefix whatever the case', [{ prefix: { 'equals-ignore-case': 'US-' } }], ['us-a', 'Us-'], ['u', 'eu']],
    ['suffix', [{ suffix: '.png' }], ['a.png'], ['a.png.gz', 'a.PNG']],
    ['suffix whatever the case', [{ suffix: { 'equals-ignore-case': '.PNG' } }], ['a.png'], ['a.jpg']],
    ['equals-ignore-case', [{ 'equals-ignore-case': 'Alice' }], ['alice', 'ALICE'], ['alic', undefined]],
    ['anything-but a value', [{ 'anything-but': 'a' }], ['b', 5, null, true], ['a', undefined]],
    ['anything-but a list', [{ 'anything-but': ['a', 5] }], ['b', 6], ['a', 5, undefined]],
    ['anything-but prefix', [{ 'anything-but': { prefix: 'init' } }], ['x', 5], ['initial']],
    ['anything-but prefixes', [{ 'anything-but': { prefix: ['a', 'b'] } }], ['c'], ['ab', 'ba']],
    ['anything-but suffix', [{ 'anything-but': { suffix: '.txt' } }], ['a.rtf'], ['a.txt']],
    [
      'anything-but ignoring case',
      [{ 'anything-but': { 'equals-ignore-case': ['A', 'b'] } }],
      ['c'],
      ['a', 'B'],
    ],
    ['anything-but wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['a/b'], ['a/lib/b']],
    ['exists', [{ exists: true }], ['', 0, null, false], [undefined, {}, []]],
    ['exists not', [{ exists: false }], [undefined, {}, []], ['', 0, null]],
    ['numeric', [{ numeric: ['>', 0, '<=', 5] }], [0.1, 5], [0, 5.1, '3', undefined]],
    ['numeric equality', [{ numeric: ['=', 3.018e2] }], [301.8], [301, '301.8']],
    ['wildcard', [{ wildcard: 'a*c.*' }], ['ac.', 'abbc.png'], ['ac', 'xac.']],
    ['a literal star', [{ wildcard: 'a\\*b' }], ['a*b'], ['axb']],
    ['a literal backslash', [{ wildcard: 'a\\\\*' }], ['a\\b'], ['ab']],
    ['cidr', [{ cidr: '10.0.0.0/24' }], ['10.0.0.255'], ['10.0.1.0', 'no address', 5]],
    ['cidr of IPv6', [{ cidr: '2001:db8::/32' }], ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
    ['one of several operators', [{ prefix: 'a' }, { suffix: 'z' }, 5], ['ab', 'yz', 5], ['b', 6]],
  ])('matches %s', (_, matcher, accepted, refused) => {
    const pattern = { detail: { field: matcher } };
    for (const field of accepted) expect(matches(pattern, { detail: { field } })).toBe(true);
    for (const field of refused) expect(matches(pattern, { detail: { field } })).toBe(false);
  });

  test('asks for all its fields and ignores others', () => {
    const pattern = { source: ['a'], detail: { state: ['on'], level: [1] } };
    expect(matches(pattern, { source: 'a', other: 1, detail: { state: 'on', level: 1, more: [] } })).toBe(
      true,
    );
    expect(matches(pattern, { source: 'a', detail: { state: 'on' } })).toBe(false);
    expect(matches(pattern, { source: 'a' })).toBe(false);
  });

  test('matches an array by element, and an array of objects by one that matches as a whole', () => {
    expect(matches({ a: ['x'] }, { a: ['w', 'x'] })).toBe(true);
    expect(matches({ a: [{ 'anything-but': ['x'] }] }, { a: ['x', 'y'] })).toBe(true);
    expect(matches({ a: [{ 'anything-but': ['x'] }] }, { a: ['x'] })).toBe(false);
    const pattern = { a: { b: [1], c: [2] } };
    expect(matches(pattern, { a: [{ b: 1, c: 2 }] })).toBe(true);
    expect(matches(pattern, { a: [{ b: 1 }, { c: 2 }] })).toBe(false);
  });

  test('finds a field absent wherever its path ends', () => {
    const pattern = { detail: { event: { action: [{ 'anything-but': ['OPENED'] }, { exists: false }] } } };
    for (const detail of [{}, { event: {} }, { event: 'text' }, { event: null }, { event: { action: {} } }]) {
      expect(matches(pattern, { detail })).toBe(true);
    }
    expect(matches(pattern, { detail: { event: { action: 'OTHER' } } })).toBe(true);
    expect(matches(pattern, { detail: { event: { action: 'OPENED' } } })).toBe(false);
  });

  test('has alternatives beside fields that must match, on every level', () => {
    const pattern = { a: [1], $or: [{ b: [2] }, { c: { $or: [{ d: [3] }, { e: [4] }] } }] };
    expect(matches(pattern, { a: 1, b: 2 })).toBe(true);
    expect(matches(pattern, { a: 1, c: { e: 4 } })).toBe(true);
    expect(matches(pattern, { a: 1, c: { e: 5 } })).toBe(false);
    expect(matches(pattern, { b: 2 })).toBe(false);
  });

  test.each([
    [{ a: [{ like: 'x' }] }, 'pattern.a: the operator like is unknown'],
    [{ a: { b: [{ 'anything-but': { like: 'x' } }] } }, 'pattern.a.b: the operator like is unknown'],
    [{ $or: [{ a: [{ like: 'x' }] }, { b: [1] }] }, 'pattern.$or[0].a: the operator like is unknown'],
    [{ $or: [{ a: [1] }] }, 'pattern.$or: alternatives are an array of two objects at least'],
    [{ a: { b: [1] }, 'a.b': [2] }, 'pattern: a.b stands there twice'],
    [{ a: [] }, 'pattern.a: there is nothing in the array'],
    [{ a: {} }, 'pattern.a: a pattern has at least one field'],
    [{ a: 'x' }, 'pattern.a: a pattern is an object, not "x"'],
    [{ a: [{ prefix: 5 }] }, 'pattern.a: prefix cannot be 5'],
    [{ a: [{ exists: 'yes' }] }, 'pattern.a: exists cannot be "yes"'],
    [{ a: [{ numeric: ['>', 'x'] }] }, 'pattern.a: numeric cannot be [">","x"]'],
    [{ a: [{ wildcard: 'a**b' }] }, 'pattern.a: wildcard cannot be "a**b"'],
    [{ a: [{ cidr: '10.0.0.0/64' }] }, 'pattern.a: cidr cannot be "10.0.0.0/64"'],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, 'pattern.a: one operator at a time'],
  ])('%j is refused when it is compiled', (pattern, message) => {
    expect(() => eventPattern(pattern, 'pattern')).toThrow(message);
  });
});

describe('as AWS’s own matcher has it', () => {
  test.each(PATTERN_CASES.map((each) => [each.says, each] as const))(
    '%s',
    (_, { pattern, accepted, refused }) => {
      for (const event of accepted) expect([event, matches(pattern, event)]).toEqual([event, true]);
      for (const event of refused) expect([event, matches(pattern, event)]).toEqual([event, false]);
    },
  );
});
