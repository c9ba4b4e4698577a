import { beforeEach, describe, expect, test } from 'vitest';
import { type CachedSecret, cachedSecret } from '../../functions/cached-secret.ts';

describe('a cached secret', () => {
  let now: number;
  let source: string | Error;
  let reads: number;
  let failures: unknown[];
  let secret: CachedSecret<string>;

  beforeEach(() => {
    now = 0;
    source = 'first';
    reads = 0;
    failures = [];
    secret = cachedSecret(
      async () => {
        reads += 1;
        if (source instanceof Error) throw source;
        return source;
      },
      { freshMs: 1000, retryMs: 100, firstRetryMs: 10 },
      () => now,
      (error) => failures.push(error),
    );
  });

  test('is read once while it is fresh, and once by callers at the same time', async () => {
    expect(await Promise.all([secret.get(), secret.get()])).toEqual(['first', 'first']);
    source = 'second';
    now = 999;
    expect([await secret.get(), reads]).toEqual(['first', 1]);
    now = 1000;
    expect([await secret.get(), reads]).toEqual(['second', 2]);
  });

  test('keeps its older value while reading fails, and tries again sooner', async () => {
    await secret.get();
    source = new Error('throttled');
    now = 1000;
    expect([await secret.get(), failures]).toEqual(['first', [source]]);
    source = 'second';
    now = 1099;
    expect(await secret.get()).toBe('first');
    now = 1100;
    expect(await secret.get()).toBe('second');
    now = 2099;
    await secret.get();
    expect(reads).toBe(3);
  });

  test('gives the error of the latest reading while it was never read, without reading for each caller', async () => {
    source = new Error('denied');
    await expect(secret.get()).rejects.toThrow('denied');
    source = 'first';
    now = 9;
    await expect(secret.get()).rejects.toThrow('denied');
    now = 10;
    expect([await secret.get(), reads, failures.length]).toEqual(['first', 2, 1]);
  });

  test('is read again sooner when its value is in doubt, until a reading succeeds', async () => {
    await secret.get();
    secret.doubt();
    now = 99;
    await secret.get();
    expect(reads).toBe(1);
    now = 100;
    await secret.get();
    now = 1099;
    await secret.get();
    expect(reads).toBe(2);
  });
});
