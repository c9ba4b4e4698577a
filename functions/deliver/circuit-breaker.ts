/** The breaker opens after as many failures in a row. */
const THRESHOLD = 5;

export interface CircuitBreakerOptions {
  /** How long the breaker stays open at first, milliseconds. The time doubles with each probe that fails. */
  readonly firstMs: number;
  /** The longest time that the breaker stays open, milliseconds. */
  readonly longestMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * Stops attempts while the service fails. Each process of the function has its own breaker. Without it, a service that
 * takes ten seconds to fail would occupy every process that the queue may use, and new logs would wait.
 */
export interface CircuitBreaker {
  /** `closed`: attempts are made. `open`: none is made. `half-open`: one at a time is made, until one is answered. */
  state(): 'closed' | 'open' | 'half-open';
  /** How much longer it stays open, milliseconds; 0 if it is not open. */
  remainingMs(): number;
  /** The service answered an attempt, with success or not. */
  answered(): void;
  /** The service did not answer an attempt, or answered that it is unavailable. */
  failed(): void;
}

export function circuitBreaker({ firstMs, longestMs, now }: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0;
  let openMs = 0;
  /** When the next attempt may be made, epoch milliseconds; undefined while closed. */
  let probeAt: number | undefined;

  const remainingMs = (): number => Math.max(0, (probeAt ?? 0) - now());
  const open = (ms: number): void => {
    openMs = Math.min(ms, longestMs);
    probeAt = now() + openMs;
  };

  return {
    state() {
      if (probeAt === undefined) return 'closed';
      return remainingMs() > 0 ? 'open' : 'half-open';
    },
    remainingMs,
    answered() {
      failures = 0;
      probeAt = undefined;
    },
    failed() {
      // Attempts that were under way when the breaker opened do not count again.
      if (remainingMs() > 0) return;
      failures += 1;
      if (probeAt !== undefined) open(2 * openMs);
      else if (failures >= THRESHOLD) open(firstMs);
    },
  };
}
