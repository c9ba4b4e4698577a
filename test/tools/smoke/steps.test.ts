import { describe, expect, test } from 'vitest';
import { NoAnswer, RequestRefused } from '../../../tools/security-logs/service/answers.ts';
import { steps, waitUntil } from '../../../tools/smoke/steps.ts';

describe('a step of the smoke test', () => {
  test('says that it passed, and gives what it got', async () => {
    const said: string[] = [];
    expect(await steps((line) => said.push(line)).run('looking', async () => 7)).toBe(7);
    expect(said).toEqual([expect.stringMatching(/^passed +\d+\.\d\d s {2}looking$/)]);
  });

  test('says that it failed, and throws its name with the reason', async () => {
    const said: string[] = [];
    const failing = steps((line) => said.push(line)).run('looking', async () => {
      throw new Error('it is dark');
    });
    await expect(failing).rejects.toThrow('looking: it is dark');
    expect(said).toEqual([expect.stringMatching(/^failed +\d+\.\d\d s {2}looking$/)]);
  });
});

describe('waiting until the log is there', () => {
  const later = (): number => Date.now() + 60_000;

  test('looks again while it is not there, or the API has no answer', async () => {
    const looks = [false, new NoAnswer('status 503'), true];
    await waitUntil(
      async () => {
        const next = looks.shift();
        if (next instanceof Error) throw next;
        return next ?? false;
      },
      later(),
      'lost',
    );
    expect(looks).toEqual([]);
  });

  test('ends at the deadline, with the hint or with what the API said last', async () => {
    await expect(waitUntil(async () => false, 0, 'lost')).rejects.toThrow('lost');
    const unavailable = async () => Promise.reject(new NoAnswer('status 503'));
    await expect(waitUntil(unavailable, 0, 'lost')).rejects.toThrow('status 503');
  });

  test('ends at once if the API refuses', async () => {
    const refused = async () => Promise.reject(new RequestRefused('status 401'));
    await expect(waitUntil(refused, later(), 'lost')).rejects.toThrow('status 401');
  });
});
