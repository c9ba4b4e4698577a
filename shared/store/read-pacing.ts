import { setTimeout as sleep } from 'node:timers/promises';
import { faultOf } from './faults.ts';
import type { Pacing } from './paced-reads.ts';

/** How reads of DynamoDB adapt to what it can serve. */
export const readPacing = (most: number): Pacing => ({
  most,
  faultOf,
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  random: Math.random,
});
