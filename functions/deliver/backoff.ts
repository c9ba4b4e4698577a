/** What the wait before the next attempt is made of. */
export interface WaitFor {
  /** How many attempts were made by now. */
  readonly attempts: number;
  /** How long ago the first failure was, milliseconds. */
  readonly ageMs: number;
  /** What has to pass in any case, because the service asked for it, milliseconds. */
  readonly afterMs: number;
}

/**
 * What part of the time that a log has waited by now it waits at least. More, and a log that is new when the service
 * recovers could meet a process that does not know yet, and wait for more than a minute.
 */
const SHARE_OF_AGE = 1 / 3;

/**
 * How long a log waits for its next attempt: twice as long each time, and the longer the older it is, so that logs
 * that were postponed without an attempt become as patient as the others. Half of it is chance: logs that failed
 * together do not come back together.
 *
 * @param firstMs the wait after the first attempt, milliseconds
 * @param longestMs the longest wait, milliseconds, where the service asks for no longer one
 * @param random from 0 (inclusive) to 1
 * @returns a function that gives milliseconds
 */
export function exponentialBackoff(firstMs: number, longestMs: number, random: () => number) {
  return ({ attempts, ageMs, afterMs }: WaitFor): number => {
    const share = (1 + random()) / 2;
    const doubled = firstMs * 2 ** Math.max(0, attempts - 1);
    const full = Math.min(longestMs, Math.max(doubled, ageMs * SHARE_OF_AGE));
    return Math.max(full * share, afterMs + Math.min(firstMs, longestMs) * share);
  };
}

export type Backoff = ReturnType<typeof exponentialBackoff>;
