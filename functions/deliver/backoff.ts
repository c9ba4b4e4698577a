/** What the wait before the next attempt depends on. */
export interface WaitFor {
  /** How many attempts were made so far. */
  readonly attempts: number;
  /** Time since the first failure, milliseconds. */
  readonly ageMs: number;
  /** The wait that the service asked for, milliseconds; 0 if it asked for none. */
  readonly afterMs: number;
}

/**
 * The wait is at least this share of the log's age. With a larger share, a log that is new when the service recovers
 * could reach a process that does not know of the recovery yet, and wait for more than a minute.
 */
const SHARE_OF_AGE = 1 / 3;

/**
 * Exponential backoff with jitter: the wait doubles with each attempt, and grows with the age of the log, so that logs
 * that were postponed without an attempt wait as long as the others. Up to half of the wait is random, so that logs that
 * failed together are not retried together.
 *
 * @param firstMs the wait after the first attempt, milliseconds
 * @param longestMs the longest wait, milliseconds, unless the service asks for a longer one
 * @param random from 0 (inclusive) to 1
 * @returns a function that gives the wait before the next attempt, milliseconds
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
