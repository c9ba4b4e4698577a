import { setTimeout as sleep } from 'node:timers/promises';

export interface Pace {
  /** How many in all. */
  readonly count: number;
  /** How many a second; 0: as fast as they are taken. */
  readonly rate: number;
  /** Milliseconds, of any clock. */
  clock?(): number;
  wait?(milliseconds: number): Promise<unknown>;
}

/** The most at a time: ten full requests. It bounds the memory. */
const LARGEST_GROUP = 100;
/** How often there is a group, milliseconds. */
const TICK_MS = 50;

/**
 * Takes values at a steady rate, in groups. The first is due at once. Who is slow to take a group gets larger ones
 * afterwards, so that the rate is kept on average.
 */
export async function* paced<T>(
  values: Iterator<T>,
  { count, rate, clock = () => performance.now(), wait = sleep }: Pace,
): AsyncGenerator<T[], void, void> {
  const start = clock();
  for (let taken = 0; taken < count; ) {
    const due = rate === 0 ? count : Math.floor(((clock() - start) * rate) / 1000) + 1;
    const size = Math.min(LARGEST_GROUP, count - taken, due - taken);
    if (size <= 0) {
      await wait(TICK_MS);
      continue;
    }
    const group: T[] = [];
    while (group.length < size) {
      const { value, done } = values.next();
      if (done === true) return;
      group.push(value);
    }
    taken += size;
    yield group;
  }
}
