import { setTimeout as sleep } from 'node:timers/promises';
import type { Follower, Kill } from './follower.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';
import type { watchTable } from './table-watch.ts';

/** How long a consumer runs before it is killed, and waits at most before it runs again, milliseconds. */
const SHORTEST_RUN = 100;
const LONGEST_RUN = 4000;
const LONGEST_PAUSE = 1000;

/** Follows all day, and is killed again and again. */
export async function steadyConsumer(follower: Follower, random: Random, end: AbortSignal): Promise<void> {
  while (!end.aborted) {
    await follower.run(randomKill(random));
    await sleep(random.between(0, LONGEST_PAUSE));
  }
}

/** A run that has everything for now ends before its time. */
const randomKill = (random: Random): Kill => ({
  after: random.between(SHORTEST_RUN, LONGEST_RUN),
  asItWrites: random.chance(0.3),
});

interface Away {
  readonly random: Random;
  /** Waits until an instant of the day, milliseconds from its start. */
  readonly until: (at: number) => Promise<void>;
  readonly watch: ReturnType<typeof watchTable>;
  /** Aborts when the day is broken off. */
  readonly end: AbortSignal;
}

/** Follows for a while, and stays away until a log that it has not read has expired, or was even deleted. */
export async function awayConsumer(
  follower: Follower,
  { leavesAt, returnsAfterDeletion, lifetimes }: Plan,
  { random, until, watch, end }: Away,
): Promise<void> {
  const left = until(leavesAt).then(() => true);
  const hasLeft = () => Promise.race([left, false]);
  while (!end.aborted && !(await hasLeft())) {
    await follower.run(randomKill(random));
    await sleep(random.between(0, LONGEST_PAUSE));
  }
  const had = new Set(follower.logs().map(({ id, createdAt }) => `${id} ${createdAt}`));
  const least = lifetimes.lifetime + (returnsAfterDeletion ? lifetimes.slotMargin + DELETED_BY : 0);
  const hasMissed = (): boolean =>
    watch
      .logs()
      .some(
        ({ id, createdAt, slot }) =>
          slot !== undefined && createdAt + least < Date.now() && !had.has(`${id} ${createdAt}`),
      );
  while (!hasMissed()) await sleep(100, undefined, { signal: end });
  end.throwIfAborted();
  await follower.run();
}

/** How long the sweep takes at most to delete what may be deleted, milliseconds; on a busy machine it may take longer. */
const DELETED_BY = 2000;
