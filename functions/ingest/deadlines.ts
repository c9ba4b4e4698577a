/** How the function divides its time: each part has its own, so that none takes the time of the next. */

/** Kept of the function's time to announce what was stored, and to report, milliseconds. */
const ANNOUNCING_RESERVE = 2500;
const REPORTING_RESERVE = 1500;

/** Milliseconds from now. */
export interface TimeLimits {
  /** By then a log is stored, or it has failed. */
  readonly storing: number;
  /** By then the bus has taken an announcement, or it has failed. */
  readonly announcing: number;
}

/** @param remaining how long the function may still run, milliseconds */
export const timeLimits = (remaining: number): TimeLimits => ({
  storing: Math.max(0, remaining - REPORTING_RESERVE - ANNOUNCING_RESERVE),
  announcing: Math.max(0, remaining - REPORTING_RESERVE),
});

/** The same as signals that abort then. */
export interface Deadlines {
  readonly storing: AbortSignal;
  readonly announcing: AbortSignal;
}

export function deadlines(remaining: number): Deadlines {
  const { storing, announcing } = timeLimits(remaining);
  return { storing: AbortSignal.timeout(storing), announcing: AbortSignal.timeout(announcing) };
}
