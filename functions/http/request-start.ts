/** The longest the gateway waits for the function, milliseconds: an older request has long been answered by it. */
const LONGEST_WAIT_MS = 60_000;

/**
 * When a request began, epoch milliseconds: when the gateway took it, so that a cold start of the function counts. What
 * cannot be (no number, the future, longer ago than the gateway waits) is a fault of a clock or of who calls the function,
 * and says nothing of the time the caller has left: the request begins now.
 *
 * @param requestTimeEpoch what the gateway says
 * @param now epoch milliseconds
 */
export function requestStart(requestTimeEpoch: unknown, now: number): number {
  if (typeof requestTimeEpoch !== 'number') return now;
  return requestTimeEpoch >= now - LONGEST_WAIT_MS && requestTimeEpoch <= now ? requestTimeEpoch : now;
}
