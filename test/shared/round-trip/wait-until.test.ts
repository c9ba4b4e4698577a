import { describe, expect, test } from 'vitest';
import { NoAnswer, RequestRefused } from '../../../shared/api-client/answers.ts';
import { waitUntil } from '../../../shared/round-trip/wait-until.ts';

describe('waiting until the log is there', () => {
  const patience = { timeoutMs: 60_000, now: Date.now, hint: 'lost' };
  const over = { ...patience, timeoutMs: 0 };

  test('looks again while it is not there, or the API has no answer', async () => {
    const looks = [false, new NoAnswer('status 503'), true];
    await waitUntil(async () => {
      const next = looks.shift();
      if (next instanceof Error) throw next;
      return next ?? false;
    }, patience);
    expect(looks).toEqual([]);
  });

  test('ends at the deadline, with the hint or with what the API said last', async () => {
    await expect(waitUntil(async () => false, over)).rejects.toThrow('lost');
    const unavailable = async () => Promise.reject(new NoAnswer('status 503'));
    await expect(waitUntil(unavailable, over)).rejects.toThrow('status 503');
  });

  test('ends at once if the API refuses', async () => {
    const refused = async () => Promise.reject(new RequestRefused('status 401'));
    await expect(waitUntil(refused, patience)).rejects.toThrow('status 401');
  });
});
