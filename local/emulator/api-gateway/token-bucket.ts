/**
 * How API Gateway throttles: each request takes a token, and tokens come back at a steady rate: `rate` a
 * second, `burst` at once.
 *
 * @param now milliseconds of a clock that never goes back
 * @returns takes a token, or says there is none
 */
export function tokenBucket(
  { rate, burst }: { readonly rate: number; readonly burst: number },
  now: () => number = () => performance.now(),
): () => boolean {
  let tokens = burst;
  let filledAt = now();
  return () => {
    const time = now();
    tokens = Math.min(burst, tokens + ((time - filledAt) / 1000) * rate);
    filledAt = time;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}
