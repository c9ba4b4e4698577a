/** How many attempts fail in a row before the service is taken for dead. */
const THRESHOLD = 5;

export interface CircuitBreakerOptions {
  /** How long no attempt is made at first, milliseconds; it doubles from probe to probe. */
  readonly firstMs: number;
  /** How long no attempt is made at most, milliseconds. */
  readonly longestMs: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/**
 * What a process of the function knows of the service: whether attempts are worth their time. A service that takes ten
 * seconds to fail would else use up every process that the queue may have, and new logs would wait for a process.
 */
export interface CircuitBreaker {
  /** `closed`: attempts are made. `open`: none are. `half-open`: one at a time is made, until one is answered. */
  state(): 'closed' | 'open' | 'half-open';
  /** How long it stays open, milliseconds; 0 if it is not. */
  remainingMs(): number;
  /** The service answered, whatever it said of the one log: it lives. */
  answered(): void;
  /** The service did not answer, or said that it cannot at present. */
  failed(): void;
}

export function circuitBreaker({ firstMs, longestMs, now }: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0;
  let openMs = 0;
  /** When the next attempt may be made, epoch milliseconds; nothing while it is closed. */
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
      // Attempts that were under way when it opened say nothing new.
      if (remainingMs() > 0) return;
      failures += 1;
      if (probeAt !== undefined) open(2 * openMs);
      else if (failures >= THRESHOLD) open(firstMs);
    },
  };
}
