import { setTimeout } from 'node:timers/promises';
import { SECOND } from '../../shared/time.ts';
import { NoAnswer } from '../security-logs/service/answers.ts';

/** Runs the steps of a smoke test, and says how long each took. */
export interface Steps {
  /** @throws Error that names the step, with what it threw as its cause */
  run<T>(name: string, step: () => Promise<T>): Promise<T>;
}

/** @param say writes a line */
export const steps = (say: (line: string) => void): Steps => ({
  async run(name, step) {
    const startedAt = performance.now();
    const took = (): string => `${((performance.now() - startedAt) / SECOND).toFixed(2)} s`.padStart(9);
    try {
      const result = await step();
      say(`passed ${took()}  ${name}`);
      return result;
    } catch (error) {
      say(`failed ${took()}  ${name}`);
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    }
  },
});

/** Between two looks, milliseconds. */
const PAUSE_MS = 250;

/**
 * Looks again and again until it is there. An answer that may come later, as a 503, is waited for too.
 *
 * @param deadline epoch milliseconds
 * @throws Error if it is not there by then, and what `look` throws, but for NoAnswer
 */
export async function waitUntil(look: () => Promise<boolean>, deadline: number, hint: string): Promise<void> {
  let latest: Error | undefined;
  for (;;) {
    latest = undefined;
    try {
      if (await look()) return;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      latest = error;
    }
    if (Date.now() >= deadline) throw new Error(latest?.message ?? hint);
    await setTimeout(PAUSE_MS);
  }
}
