/** Divides the function's time: each step has a deadline of its own, so that none uses up the time of the next. */

/** The parts of the function's time that are kept for announcing stored logs and for reporting, milliseconds. */
const ANNOUNCING_RESERVE = 2500;
const REPORTING_RESERVE = 1500;

/** Milliseconds from now. */
export interface TimeLimits {
  /** A log that is not stored by then has failed. */
  readonly storing: number;
  /** An announcement that the bus has not taken by then has failed. */
  readonly announcing: number;
}

/** @param remaining how long the function may still run, milliseconds */
export const timeLimits = (remaining: number): TimeLimits => ({
  storing: Math.max(0, remaining - REPORTING_RESERVE - ANNOUNCING_RESERVE),
  announcing: Math.max(0, remaining - REPORTING_RESERVE),
});

/** Signals that abort at the time limits. */
export interface Deadlines {
  readonly storing: AbortSignal;
  readonly announcing: AbortSignal;
}

/** @param remaining how long the function may still run, milliseconds */
export function deadlines(remaining: number): Deadlines {
  const { storing, announcing } = timeLimits(remaining);
  return { storing: AbortSignal.timeout(storing), announcing: AbortSignal.timeout(announcing) };
}
