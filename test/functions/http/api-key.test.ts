import { beforeEach, describe, expect, test } from 'vitest';
import { apiKeyGuard, type IdentifyCaller, sentApiKey } from '../../../functions/http/api-key.ts';
import type { SecretStage } from '../../../functions/http/api-key-rotation.ts';
import { formatKeyDocument } from '../../../shared/keys/key-secret.ts';
import { httpRequest } from '../../fixtures/http-request.ts';

const MINUTE = 60_000;

describe('the guard of the API key', () => {
  let now: number;
  let secret: Record<SecretStage, string | undefined | Error>;
  let reads: SecretStage[];
  let identify: IdentifyCaller;

  beforeEach(() => {
    now = 0;
    secret = { AWSCURRENT: 'right', AWSPREVIOUS: undefined };
    reads = [];
    identify = apiKeyGuard(
      async (stage) => {
        reads.push(stage);
        const text = secret[stage];
        if (text instanceof Error) throw text;
        return text;
      },
      () => now,
    );
  });

  const refused = { status: 401, code: 'unauthorized' };
  const anyone = { keyName: 'default', application: undefined };

  test('lets the right key in, and reads the secret once in a minute', async () => {
    expect(await identify('right')).toEqual(anyone);
    now = MINUTE - 1;
    await identify('right');
    expect(reads).toEqual(['AWSCURRENT']);
    now = MINUTE;
    await identify('right');
    expect(reads).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });

  test.each([undefined, '', 'wrong', 'righ', 'right '])('refuses %j', async (key) => {
    await expect(identify(key)).rejects.toMatchObject(refused);
  });

  test('says the same of a missing and a wrong key', async () => {
    const messages = await Promise.all(
      [undefined, 'wrong'].map((key) => identify(key).catch((error) => error.message)),
    );
    expect(messages[0]).toBe(messages[1]);
    expect(messages[0]).not.toContain('right');
  });

  test('lets the key before a rotation in, too, until it is revoked', async () => {
    secret = { AWSCURRENT: 'rotated', AWSPREVIOUS: 'right' };
    expect(await identify('rotated')).toEqual(anyone);
    expect(await identify('right')).toEqual(anyone);
    secret.AWSPREVIOUS = undefined;
    now = MINUTE;
    await expect(identify('right')).rejects.toMatchObject(refused);
    expect(await identify('rotated')).toEqual(anyone);
  });

  test('takes a new key after a minute, and nothing of the one before the last', async () => {
    await identify('right');
    secret = { AWSCURRENT: 'third', AWSPREVIOUS: 'second' };
    await expect(identify('third')).rejects.toMatchObject(refused);
    now = MINUTE;
    await identify('third');
    await identify('second');
    await expect(identify('right')).rejects.toMatchObject(refused);
  });

  test('still lets the key before a rotation in, if the one before that was read shortly before', async () => {
    secret = { AWSCURRENT: 'second', AWSPREVIOUS: 'first' };
    await identify('second');
    now = MINUTE - 1;
    await identify('first');
    secret = { AWSCURRENT: 'third', AWSPREVIOUS: 'second' };
    now = MINUTE;
    expect(await identify('second')).toEqual(anyone);
    expect(await identify('third')).toEqual(anyone);
    await expect(identify('first')).rejects.toMatchObject(refused);
  });

  test('keeps the key before a rotation when reading it fails later', async () => {
    secret = { AWSCURRENT: 'rotated', AWSPREVIOUS: 'right' };
    await identify('right');
    now = MINUTE;
    secret.AWSPREVIOUS = new Error('throttled');
    expect(await identify('right')).toEqual(anyone);
  });

  test('reads each version once a minute at most, however many wrong keys come', async () => {
    for (let guess = 0; guess < 50; guess++) await identify(`guess ${guess}`).catch(() => {});
    expect(reads).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('keeps the keys that it knows when reading fails', async () => {
    await identify('right');
    now = MINUTE;
    secret.AWSCURRENT = new Error('throttled');
    await identify('right');
    await expect(identify('wrong')).rejects.toMatchObject(refused);
  });

  test('fails with the reason while no key was ever read, and recovers', async () => {
    secret.AWSCURRENT = new Error('throttled');
    await expect(identify('right')).rejects.toThrow('throttled');
    secret.AWSCURRENT = 'right';
    await identify('right');
  });

  test('cannot tell a wrong key while the previous one was never read', async () => {
    secret.AWSPREVIOUS = new Error('throttled');
    await identify('right');
    await expect(identify('wrong')).rejects.toThrow('throttled');
  });

  describe('of a document', () => {
    const key = (letter: string): string => letter.repeat(48);
    const SIEM = { name: 'siem', key: key('a'), previous: { key: key('b') } };
    const TEAM = {
      name: 'builder-team',
      key: key('c'),
      application: 'builder',
      previous: { key: key('d'), until: new Date(10 * MINUTE).toISOString() },
    } as const;
    beforeEach(() => {
      secret.AWSCURRENT = formatKeyDocument([SIEM, TEAM]);
    });

    test('knows each caller by the name of the key, and what the key opens', async () => {
      expect(await identify(SIEM.key)).toEqual({ keyName: 'siem', application: undefined });
      expect(await identify(TEAM.key)).toEqual({ keyName: 'builder-team', application: 'builder' });
    });

    test('lets a previous key in until its time, or until it is removed', async () => {
      now = 10 * MINUTE - 1;
      expect(await identify(TEAM.previous.key)).toEqual(await identify(TEAM.key));
      now = 10 * MINUTE;
      await expect(identify(TEAM.previous.key)).rejects.toMatchObject(refused);
      await identify(SIEM.previous.key);
      secret.AWSCURRENT = formatKeyDocument([TEAM]);
      now = 11 * MINUTE;
      await expect(identify(SIEM.previous.key)).rejects.toMatchObject(refused);
      await expect(identify(SIEM.key)).rejects.toMatchObject(refused);
    });

    test('does not look at the version before it', async () => {
      secret.AWSPREVIOUS = 'right';
      await expect(identify('right')).rejects.toMatchObject(refused);
      expect(reads).toEqual(['AWSCURRENT']);
    });

    test('is no previous key of a single one', async () => {
      secret = { AWSCURRENT: 'right', AWSPREVIOUS: formatKeyDocument([SIEM]) };
      for (const sent of [SIEM.key, secret.AWSPREVIOUS as string])
        await expect(identify(sent)).rejects.toMatchObject(refused);
    });

    test('that cannot be read opens nothing', async () => {
      secret.AWSCURRENT = '{"version":2}';
      await expect(identify('{"version":2}')).rejects.toThrow(
        'of version 2, which this release cannot read; it reads 1',
      );
    });
  });
});

describe('the key of a request', () => {
  test.each([
    ['apiKey', { apiKey: 'k' }, 'k'],
    ['any case of apiKey', { Host: 'h', APIKEY: 'k' }, 'k'],
    ['X-Api-Key', { 'x-api-key': 'k' }, 'k'],
    ['Authorization: Bearer', { Authorization: 'Bearer k' }, 'k'],
    ['Bearer in any case', { authorization: 'bEARER  a key of words' }, 'a key of words'],
    ['apiKey before the others', { Authorization: 'Bearer c', 'X-Api-Key': 'b', apiKey: 'a' }, 'a'],
    ['X-Api-Key before Authorization', { Authorization: 'Bearer c', 'X-Api-Key': 'b' }, 'b'],
    ['an empty apiKey, although another header has one', { apiKey: '', 'X-Api-Key': 'b' }, ''],
    ['the last of the cases of one header', { apiKey: 'first', ApiKey: 'second', APIKEY: 'last' }, 'last'],
    ['no other scheme', { Authorization: 'Basic k' }, undefined],
    ['no scheme without a key', { Authorization: 'Bearer ' }, undefined],
    ['no other header', { 'api-key': 'k', key: 'k' }, undefined],
    ['no header at all', {}, undefined],
  ])('is read from %s', (_, headers, key) => {
    expect(sentApiKey(httpRequest({ headers, now: 0 }))).toBe(key);
  });
});
