import { beforeEach, describe, expect, test } from 'vitest';
import { apiKeyGuard } from '../../functions/query/api-key.ts';
import { headerValue } from '../../functions/query/header-value.ts';

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

test('the key is found under any case of its header, and nowhere else', () => {
  expect(headerValue({ Host: 'h', APIKEY: 'k' }, 'apikey')).toBe('k');
  expect(headerValue({ apiKey: 'k' }, 'apikey')).toBe('k');
  expect(headerValue({ 'x-api-key': 'k' }, 'apikey')).toBeUndefined();
});
