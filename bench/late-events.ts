import { createRandom } from '../tools/synthetic-logs/random.ts';

/** What a consumer misses that polls windows of time, when some events come late: counted, not measured. */

export interface Poller {
  /** From one poll to the next, and how much of the window before is asked for again; milliseconds. */
  readonly interval: number;
  readonly overlap: number;
}

export interface Lateness {
  /** Of all events, from 0 to 1. */
  readonly share: number;
  /** Uniformly up to this many milliseconds. */
  readonly most: number;
}

const SEED = 7;
const RATE_PER_SECOND = 50;

/** @returns the shares of the events that are never seen, and how often an event is seen on average */
export function pollWindows(events: number, { interval, overlap }: Poller, { share, most }: Lateness) {
  const random = createRandom(SEED, 0);
  let lost = 0;
  let seen = 0;
  for (let i = 0; i < events; i++) {
    const occurred = (i * 1000) / RATE_PER_SECOND;
    const arrived = occurred + (random.chance(share) ? random.next() * most : 0);
    // A poll at the time p sees what occurred from p - interval - overlap until p, and has arrived.
    const first = Math.floor(Math.max(occurred, arrived) / interval) + 1;
    const last = Math.floor((occurred + interval + overlap) / interval);
    const times = Math.max(0, last - first + 1);
    seen += times;
    if (times === 0) lost += 1;
  }
  return { lost: lost / events, times: seen / events };
}
