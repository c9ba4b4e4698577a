import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer } from '../../../shared/api-client/answers.ts';

export interface Persistence {
  /** How many attempts in a row may fail. */
  readonly attempts: number;
  /** Is told why there is no answer, and how long it waits now, milliseconds. */
  onWait(reason: string, waitMs: number): void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Makes attempts until one succeeds. The waits double, up to half a minute; a longer `Retry-After` is kept.
 *
 * @throws what an attempt throws, but a `NoAnswer` only after the last attempt
 */
export async function persist<T>(attempt: () => Promise<T>, { attempts, onWait }: Persistence): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NoAnswer) || n >= attempts) throw error;
      const doubled = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (n - 1));
      const wait = Math.max(error.retryAfterMs ?? 0, (doubled * (1 + Math.random())) / 2);
      onWait(error.message, wait);
      await sleep(wait);
    }
  }
}
