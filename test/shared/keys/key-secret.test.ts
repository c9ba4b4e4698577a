import { describe, expect, test } from 'vitest';
import { formatKeyDocument, namedKeys, parseKeySecret } from '../../../shared/keys/key-secret.ts';

const key = (letter: string): string => letter.repeat(48);

describe('the text of the secret', () => {
  test('is one key as it is', () => {
    expect(parseKeySecret('k')).toEqual({ kind: 'single', key: 'k' });
    expect(namedKeys(parseKeySecret('k'))).toEqual([{ name: 'default', key: 'k' }]);
  });

  test('is a document of named keys, as it was written', () => {
    const keys = [
      { name: 'siem', key: key('a'), previous: { key: key('b'), until: '2026-11-21T10:00:00.000Z' } },
      { name: 'builder-team', key: key('c'), application: 'builder', previous: { key: key('d') } },
    ] as const;
    expect(parseKeySecret(formatKeyDocument([...keys]))).toEqual({ kind: 'document', keys });
  });

  test('of every earlier version is read', () => {
    const version1 = `{"version":1,"keys":[{"name":"siem","key":"${key('a')}","application":"player","previous":{"key":"${key('b')}","until":"2026-11-21T10:00:00Z"}}]}`;
    expect(namedKeys(parseKeySecret(version1))).toMatchObject([{ name: 'siem', application: 'player' }]);
  });

  const named = (changes: object): object => ({
    version: 1,
    keys: [{ name: 'a', key: key('a'), ...changes }],
  });
  test.each<[string, object | string, string]>([
    ['empty', '', 'is empty'],
    ['damaged', `{"version":1,"keys":[{"name":"a","key":"${key('a')}"`, 'the text'],
    [
      'of a later version',
      { version: 2, keys: [{ name: 'a', key: key('a') }] },
      'of version 2, which this release cannot read; it reads 1',
    ],
    ['without keys', { version: 1, keys: [] }, 'keys'],
    ['with a short key', named({ key: 'short' }), 'at least 32 characters'],
    ['with a name that is none', named({ name: 'A b' }), 'lower-case letters'],
    ['with another application', named({ application: 'both' }), 'keys.0.application'],
    ['with a member that it does not have', named({ app: 'player' }), 'keys.0'],
    ['with a time that is none', named({ previous: { key: key('b'), until: 'tomorrow' } }), 'until'],
    ['with a key that is its own previous one', named({ previous: { key: key('a') } }), 'each key once'],
    [
      'with a name twice',
      { version: 1, keys: ['a', 'b'].map((letter) => ({ name: 'a', key: key(letter) })) },
      'each name once',
    ],
  ])('is refused if it is %s, without repeating a key', (_, document, message) => {
    const text = typeof document === 'string' ? document : JSON.stringify(document);
    const refused = (): unknown => parseKeySecret(text);
    expect(refused).toThrow(message);
    expect(refused).not.toThrow(/aaaa|bbbb|short/);
  });
});
