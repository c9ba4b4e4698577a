import { setTimeout as sleep } from 'node:timers/promises';
import { NoAnswer } from '../api-client/answers.ts';
import { SECOND } from '../time.ts';

/** Between two looks: a quarter of what was waited so far, within these bounds. Milliseconds. */
const LEAST_PAUSE = 250;
const MOST_PAUSE = 5 * SECOND;

export interface Patience {
  /** How long it may take, milliseconds. */
  readonly timeoutMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** What the error says if there were answers, and it was in none. */
  readonly hint: string;
}

/**
 * Looks again and again until it is there. An answer that may come later, as a 503, is waited for too. The pauses grow, so
 * that whoever waits during an outage adds little to it: a minute has some 30 looks.
 *
 * @throws Error if it is not there in time, and what `look` throws, but for NoAnswer
 */
export async function waitUntil(
  look: () => Promise<boolean>,
  { timeoutMs, now, hint }: Patience,
): Promise<void> {
  const startedAt = now();
  for (;;) {
    let latest: Error | undefined;
    try {
      if (await look()) return;
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      latest = error;
    }
    const waited = now() - startedAt;
    if (waited >= timeoutMs) throw new Error(latest?.message ?? hint);
    await sleep(Math.min(MOST_PAUSE, Math.max(LEAST_PAUSE, waited / 4)));
  }
}
