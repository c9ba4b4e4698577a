import { beforeEach, describe, expect, test } from 'vitest';
import { apiKeyGuard, sentApiKey } from '../../../functions/http/api-key.ts';
import { httpRequest } from '../../fixtures/http-request.ts';

const MINUTE = 60_000;

describe('the guard of the API key', () => {
  let now: number;
  let secret: string | Error;
  let reads: number;
  let check: (sent: string | undefined) => Promise<void>;

  beforeEach(() => {
    now = 0;
    secret = 'right';
    reads = 0;
    check = apiKeyGuard(
      async () => {
        reads += 1;
        if (secret instanceof Error) throw secret;
        return secret;
      },
      () => now,
    );
  });

  const refused = { status: 401, code: 'unauthorized' };

  test('lets the right key in and reads it once in five minutes', async () => {
    await check('right');
    now = 5 * MINUTE - 1;
    await check('right');
    expect(reads).toBe(1);
    now = 5 * MINUTE;
    await check('right');
    expect(reads).toBe(2);
  });

  test.each([undefined, '', 'wrong', 'righ', 'right '])('refuses %j', async (key) => {
    await expect(check(key)).rejects.toMatchObject(refused);
  });

  test('says the same of a missing and a wrong key', async () => {
    const messages = await Promise.all(
      [undefined, 'wrong'].map((key) => check(key).catch((error) => error.message)),
    );
    expect(messages[0]).toBe(messages[1]);
    expect(messages[0]).not.toContain('right');
  });

  test('takes an unknown key as a sign of rotation, but reads again at most once a minute', async () => {
    await check('right');
    secret = 'rotated';
    await expect(check('rotated')).rejects.toMatchObject(refused);
    now = MINUTE;
    await check('rotated');
    expect(reads).toBe(2);
    for (let guess = 0; guess < 50; guess++) await check(`guess ${guess}`).catch(() => {});
    expect(reads).toBe(2);
  });

  test('keeps the old key when reading fails', async () => {
    await check('right');
    now = 5 * MINUTE;
    secret = new Error('throttled');
    await check('right');
    await expect(check('wrong')).rejects.toMatchObject(refused);
  });

  test('fails with the reason while no key was ever read, and recovers', async () => {
    secret = new Error('throttled');
    await expect(check('right')).rejects.toThrow('throttled');
    secret = 'right';
    await check('right');
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
