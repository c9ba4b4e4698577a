import { text } from 'node:stream/consumers';
import { describe, expect, test, vi } from 'vitest';
import { FRESH_MS, status } from '../../../functions/status/status.ts';
import { StoreUnavailable } from '../../../shared/errors.ts';
import { httpRequest } from '../../fixtures/http-request.ts';

const CALLER = { keyName: 'default', application: undefined };
const FIGURES = {
  version: '1.2.3',
  lastStored: undefined,
  ingest: { all: 0 },
  kind: 'none',
  delivery: undefined,
} as const;
const REQUEST = httpRequest({ parameters: {}, now: 0 });

describe('the answer of the status', () => {
  test('uses its figures again for some seconds, and says when they were read', async () => {
    let now = 1_000;
    const read = vi.fn(async () => FIGURES);
    const answer = status({ read, now: () => now });
    const generatedAt = async () =>
      JSON.parse(await text((await answer(REQUEST, CALLER)).body as never)).generated_at;
    const first = await generatedAt();
    now += FRESH_MS - 1;
    expect(await generatedAt()).toBe(first);
    expect(read).toHaveBeenCalledTimes(1);
    now += 1;
    expect(await generatedAt()).toBe(new Date(now).toISOString());
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('is an error while a figure cannot be read, and reads again at the next request', async () => {
    const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });
    const read = vi.fn(async () => FIGURES).mockRejectedValueOnce(throttled);
    const answer = status({ read, now: () => 0 });
    await expect(answer(REQUEST, CALLER)).rejects.toThrow(StoreUnavailable);
    expect((await answer(REQUEST, CALLER)).statusCode).toBe(200);
  });

  test('is refused to a key that opens one application only, before anything is read', async () => {
    const read = vi.fn(async () => FIGURES);
    const limited = { keyName: 'player', application: 'player' } as const;
    await expect(status({ read, now: () => 0 })(REQUEST, limited)).rejects.toMatchObject({
      code: 'application_not_allowed',
    });
    expect(read).not.toHaveBeenCalled();
  });

  test('knows no parameters', async () => {
    const request = httpRequest({ parameters: { a: ['b'] }, now: 0 });
    await expect(status({ read: async () => FIGURES, now: () => 0 })(request, CALLER)).rejects.toMatchObject({
      code: 'unknown_parameter',
      message: 'unknown parameter "a"; accepted: none',
    });
  });
});
