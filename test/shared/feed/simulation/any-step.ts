import type { Random } from '../../../../tools/synthetic-logs/random.ts';
import type { Scheduler, Step, Trouble } from './scheduler.ts';
import type { Staleness } from './stored-items.ts';

/** How often a step comes, relative to the others that are possible, and the step: it says what it did. */
export type WeightedStep = readonly [weight: number, run: () => string];

export interface Steps {
  /** Those of the walk. */
  readonly own: readonly WeightedStep[];
  /** Those of the scheduler, with every trouble that there is. */
  readonly processes: Scheduler;
  readonly weights: Readonly<Record<Step['kind'], number>>;
  /** What a read that is not strongly consistent may miss. */
  readonly stale: Staleness;
}

/**
 * Does one step at random.
 *
 * @returns what it did
 */
export function anyStep(random: Random, { own, processes, weights, stale }: Steps): string {
  const trouble: Trouble = {
    failures: true,
    crashes: true,
    deadlines: true,
    staleness: [stale],
    expiry: true,
  };
  const others = processes.steps(trouble).map(
    (step): WeightedStep => [
      weights[step.kind],
      () => {
        step.run();
        return step.text;
      },
    ],
  );
  return pickWeighted(random, [...own, ...others])();
}

function pickWeighted<T>(random: Random, choices: readonly (readonly [number, T])[]): T {
  let at = random.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    at -= weight;
    if (at < 0) return choice;
  }
  return (choices.at(-1) as readonly [number, T])[1];
}
