import { describe, expect, test } from 'vitest';
import { type KeySecret, parseKeySecret } from '../../../shared/keys/key-secret.ts';
import { changeKeys } from '../../../tools/rotate-key/change-keys.ts';
import { readRotateOptions } from '../../../tools/rotate-key/options.ts';

const key = (letter: string): string => letter.repeat(48);
const NEW = key('n');
const SINGLE: KeySecret = { kind: 'single', key: key('a') };
const SIEM = { name: 'siem', key: key('s'), previous: { key: key('p') } };
const TEAM = { name: 'team', key: key('t'), application: 'builder' } as const;
const DOCUMENT: KeySecret = { kind: 'document', keys: [SIEM, TEAM] };
const keep = { kind: 'keep' } as const;
const keysOf = (text: string): unknown => (parseKeySecret(text) as { keys?: unknown }).keys;

describe('rotating a single key', () => {
  test('leaves it a single key; whether the one before it counts is up to the versions of the secret', () => {
    const kept = changeKeys(SINGLE, undefined, { kind: 'rotate', name: undefined, old: keep }, NEW);
    expect(kept).toMatchObject({ text: NEW, revokesPrevious: false });
    const revoked = changeKeys(
      SINGLE,
      undefined,
      { kind: 'rotate', name: 'default', old: { kind: 'revoke' } },
      NEW,
    );
    expect(revoked).toMatchObject({ text: NEW, revokesPrevious: true });
  });

  test('with a time for the old value makes it a document', () => {
    const old = { kind: 'until', until: Date.UTC(2026, 11, 1) } as const;
    const { text, revokesPrevious } = changeKeys(
      SINGLE,
      key('b'),
      { kind: 'rotate', name: undefined, old },
      NEW,
    );
    const previous = { key: key('a'), until: '2026-12-01T00:00:00.000Z' };
    expect(keysOf(text)).toEqual([{ name: 'default', key: NEW, previous }]);
    expect(revokesPrevious).toBe(false);
  });
});

describe('rotating a key of a document', () => {
  test('changes this key alone, and keeps its value before', () => {
    const { text } = changeKeys(DOCUMENT, undefined, { kind: 'rotate', name: 'team', old: keep }, NEW);
    expect(keysOf(text)).toEqual([SIEM, { ...TEAM, key: NEW, previous: { key: TEAM.key } }]);
  });

  test('with --revoke leaves nothing of it', () => {
    const change = { kind: 'rotate', name: 'siem', old: { kind: 'revoke' } } as const;
    expect(keysOf(changeKeys(DOCUMENT, undefined, change, NEW).text)).toEqual([
      { name: 'siem', key: NEW },
      TEAM,
    ]);
  });
});

test('adding a key to a single one keeps both of its values open', () => {
  const change = { kind: 'add', name: 'team', application: 'player' } as const;
  const { text } = changeKeys(SINGLE, key('b'), change, NEW);
  expect(keysOf(text)).toEqual([
    { name: 'default', key: key('a'), previous: { key: key('b') } },
    { name: 'team', key: NEW, application: 'player' },
  ]);
});

test('removing a key removes both of its values', () => {
  const { text } = changeKeys(DOCUMENT, undefined, { kind: 'remove', name: 'siem' }, NEW);
  expect(keysOf(text)).toEqual([TEAM]);
});

test.each([
  [DOCUMENT, { kind: 'rotate', name: undefined, old: keep }, 'there are several keys; name one: siem, team'],
  [DOCUMENT, { kind: 'rotate', name: 'other', old: keep }, 'there is no key other; there are: siem, team'],
  [SINGLE, { kind: 'rotate', name: 'siem', old: keep }, 'there is no key siem; there are: default'],
  [DOCUMENT, { kind: 'add', name: 'siem' }, 'there is a key siem already'],
  [SINGLE, { kind: 'remove', name: 'default' }, 'default is the only key'],
  [DOCUMENT, { kind: 'remove', name: 'other' }, 'there is no key other'],
] as const)('what cannot be done changes nothing (%#)', (secret, change, message) => {
  expect(() => changeKeys(secret, undefined, change, NEW)).toThrow(message);
});

describe('the options', () => {
  const NOW = Date.UTC(2026, 10, 21);
  test.each([
    [[], '--stack is missing'],
    [['--stack', 'S', '--add', 'A b'], '--add is "A b"'],
    [['--stack', 'S', '--application', 'player'], '--application is for --add'],
    [['--stack', 'S', '--add', 'a', '--application', 'both'], '--application is "both"'],
    [['--stack', 'S', '--old-until', '2026-11-21T00:00:00Z'], 'a time that is to come'],
    [['--stack', 'S', '--old-until', 'tomorrow'], '--old-until is "tomorrow"'],
    [['--stack', 'S', '--old-until', '2027-01-01T00:00:00Z', '--revoke'], 'exclude each other'],
    [['--stack', 'S', '--remove', 'a', '--add', 'b'], 'exclude each other'],
  ])('%j are wrong usage', (args, message) => {
    expect(() => readRotateOptions(args, NOW)).toThrow(message);
  });

  test('say what becomes of the old value', () => {
    const changeOf = (...args: string[]) => readRotateOptions(['--stack', 'S', ...args], NOW).change;
    expect(changeOf()).toEqual({ kind: 'rotate', name: undefined, old: keep });
    expect(changeOf('--revoke', '--key', 'siem')).toMatchObject({ name: 'siem', old: { kind: 'revoke' } });
    const until = Date.UTC(2027, 0);
    expect(changeOf('--old-until', '2027-01-01T00:00:00Z')).toMatchObject({ old: { kind: 'until', until } });
  });
});
