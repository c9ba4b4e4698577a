/** The longest the gateway waits for the function, milliseconds: by then, it has answered the request itself. */
const LONGEST_WAIT_MS = 60_000;

/**
 * When a request was received, epoch milliseconds: when the gateway took it, so that a cold start of the function counts.
 * A time that cannot be right (not a number, in the future, longer ago than the gateway waits) says nothing of the time
 * that the caller has left. Then the request is taken to be received now.
 *
 * @param requestTimeEpoch what the gateway says
 * @param now epoch milliseconds
 */
export function receivedAt(requestTimeEpoch: unknown, now: number): number {
  if (typeof requestTimeEpoch !== 'number') return now;
  return requestTimeEpoch >= now - LONGEST_WAIT_MS && requestTimeEpoch <= now ? requestTimeEpoch : now;
}
