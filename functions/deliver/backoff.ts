/** The longest wait between two attempts, unless the service asks for more, milliseconds. */
const LONGEST_MS = 3_600_000;

/** SQS hides a message for twelve hours from its receipt at most; a little is kept for the way there. */
const VISIBILITY_LIMIT_MS = 11.9 * 3_600_000;

/**
 * How long a message stays hidden before the next attempt: twice as long each time, half of it by chance, so that
 * messages that failed together do not come back together. What the service asked for is the least.
 *
 * @param firstMs the wait after the first attempt, milliseconds
 * @param random from 0 to 1
 * @returns a function that takes how often it was tried by now, from 1, and what the service asked to be waited for,
 *   milliseconds, and gives milliseconds
 */
export function exponentialBackoff(firstMs: number, random: () => number) {
  return (attempts: number, afterMs: number): number => {
    const full = Math.min(LONGEST_MS, firstMs * 2 ** (attempts - 1));
    const jittered = (full * (1 + random())) / 2;
    return Math.min(VISIBILITY_LIMIT_MS, afterMs + jittered);
  };
}
