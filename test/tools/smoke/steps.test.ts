import { describe, expect, test } from 'vitest';
import { steps } from '../../../tools/smoke/steps.ts';

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
