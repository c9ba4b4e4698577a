import { availableParallelism, totalmem } from 'node:os';
import type { PoolLimits } from './function-pool.ts';

/** How many invocations an account runs at once: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1000;
/** So many processes a function may always have. */
const AT_ONCE = 8;
/** Of the machine's memory: what growing leaves free. */
const KEPT_FREE = 1 / 4;

/**
 * How a function's processes grow on this machine: to what an account runs at once, as long as a quarter of the memory
 * stays free. A process takes some 100 MB at rest and up to the function's memory at work, so that what is free now
 * says more than a number that is fixed at the start.
 */
export const poolLimits = (): PoolLimits => ({
  mayStart: (running) =>
    running < AT_ONCE ||
    (running < ACCOUNT_CONCURRENCY && process.availableMemory() > memoryOfMachine() * KEPT_FREE),
  atOnce: AT_ONCE,
  growAfter: 500,
  startsAtOnce: availableParallelism(),
  idleLimit: 60_000,
});

/** Of the container, where there is one. Bytes. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
