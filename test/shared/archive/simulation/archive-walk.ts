import { HOUR, MINUTE, SECOND } from '../../../../shared/time.ts';
import { createRandom, type Random } from '../../../../tools/synthetic-logs/random.ts';
import { anyStep, type WeightedStep } from '../../feed/simulation/any-step.ts';
import { type Step, settled } from '../../feed/simulation/scheduler.ts';
import { type Service, service } from '../../feed/simulation/service.ts';
import { brokenPromises } from './archive-promises.ts';
import { type SimulatedArchive, simulatedArchive } from './simulated-archive.ts';

/** A long life of the archive, at random: batches of logs, runs of the archive side by side, and all the trouble there is. */

const STEPS = 300;
const RETENTION_HOURS = 48;
const MAX_AGE = 5 * MINUTE;
/** Clocks of two processes differ by less than 5 minutes. */
const MOST_SKEW = 2 * MINUTE;
const ROUNDS = 40;

/** The weight of each kind of step: how often it comes, relative to the others that are possible. */
const WEIGHTS: Record<Step['kind'], number> = {
  perform: 12,
  stale: 3,
  fail: 1,
  late: 4,
  crash: 0.7,
  deadline: 0.4,
  expire: 3,
};

export interface Walk {
  /** What was not as promised; empty if all was. */
  readonly broken: readonly string[];
  readonly steps: readonly string[];
  readonly archive: SimulatedArchive;
}

/** @param isSlow whether time passes in hours, so that logs expire before they are archived */
export async function archiveWalk(seed: number, isSlow: boolean): Promise<Walk> {
  const random = createRandom(seed);
  const one = service({ retentionHours: RETENTION_HOURS, random: random.next, announces: false });
  // Some walks have batches by size, some by age alone.
  const bounds = { maxBytes: random.pick([300, 1_000, 1_000_000]), maxAgeMs: MAX_AGE };
  const archive = simulatedArchive(one, bounds, RETENTION_HOURS);
  const step = lifeOf(one, archive, random, isSlow);
  const steps: string[] = [];
  for (let i = 0; i < STEPS; i++) {
    steps.push(step());
    await settled();
  }
  await comeToRest(one, archive);
  const broken = [...brokenPromises(one, archive, RETENTION_HOURS), one.violation()?.message ?? []].flat();
  return { broken, steps, archive };
}

function lifeOf(one: Service, archive: SimulatedArchive, random: Random, isSlow: boolean): () => string {
  let names = 0;
  let events = 0;
  const name = (kind: string): string => `${kind}${++names}`;
  const skew = (): number => random.integer(-MOST_SKEW, MOST_SKEW);

  const own: WeightedStep[] = [
    [
      2,
      () => {
        const batch = Array.from({ length: random.integer(1, 4) }, () => `e${++events}`);
        one.ingest({ name: name('w'), events: batch, skew: skew() });
        return `ingest takes ${batch}`;
      },
    ],
    [
      1,
      () => {
        one.resolve({ name: name('h'), request: { kind: 'all' }, skew: skew() });
        return 'the schedule resolves';
      },
    ],
    [
      3,
      () => {
        const run = name('a');
        archive.run(run, skew());
        return `${run} begins to archive`;
      },
    ],
    [
      2,
      () => {
        const most = random.pick([
          SECOND,
          20 * SECOND,
          MINUTE,
          isSlow ? 10 * HOUR : 5 * MINUTE,
          isSlow ? 60 * HOUR : MINUTE,
        ]);
        const milliseconds = random.integer(0, most);
        one.processes.advance(milliseconds);
        return `${milliseconds} ms later`;
      },
    ],
  ];

  return () => {
    const stale = { missed: random.integer(0, 3), missedBefore: 0, from: '' };
    return anyStep(random, { own, processes: one.processes, weights: WEIGHTS, stale });
  };
}

/** What is on its way arrives, every slot is settled, and the archive runs until nothing is left to write. */
async function comeToRest({ processes, ...one }: Service, archive: SimulatedArchive): Promise<void> {
  await processes.finish();
  processes.arriveAll();
  processes.advance(2 * MAX_AGE);
  for (let round = 0; round < 5; round++) {
    processes.advance(20 * SECOND);
    one.resolve({ name: `last helper ${round}`, request: { kind: 'all' } });
    await processes.finish();
  }
  for (let round = 0; round < ROUNDS; round++) {
    const before = archive.text();
    archive.run(`last run ${round}`);
    await processes.finish();
    if (archive.text() === before) return;
    processes.advance(20 * SECOND);
  }
  one.report('the archive does not come to rest');
}
