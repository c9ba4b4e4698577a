import { availableParallelism, totalmem } from 'node:os';
import type { PoolLimits } from './function-pool.ts';

/** How many invocations an account runs at once: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const ACCOUNT_CONCURRENCY = 1000;
/** How many processes a function may always have. */
const AT_ONCE = 8;
/** The share of the machine's memory that growing leaves free. */
const KEPT_FREE = 1 / 4;

/**
 * A function's processes grow up to an account's concurrency, as long as a quarter of the memory stays free. A process
 * takes some 100 MB at rest and up to the function's memory at work: the free memory is a better limit than a number.
 */
export const poolLimits = (): PoolLimits => ({
  mayStart: (running) =>
    running < AT_ONCE ||
    (running < ACCOUNT_CONCURRENCY && process.availableMemory() > memoryOfMachine() * KEPT_FREE),
  atOnce: AT_ONCE,
  growAfter: 500,
  startsAtOnce: availableParallelism(),
});

/** The memory of the container, if there is one. Bytes. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
