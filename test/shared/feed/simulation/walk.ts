import type { Start } from '../../../../shared/feed/begin-reading.ts';
import { HOUR, MINUTE, SECOND } from '../../../../shared/time.ts';
import { createRandom, type Random } from '../../../../tools/synthetic-logs/random.ts';
import { anyStep, type WeightedStep } from './any-step.ts';
import type { Consumer, ConsumerOptions } from './consumer.ts';
import { checkPromises } from './promises.ts';
import { type Step, settled } from './scheduler.ts';
import { type Service, type Snapshot, STARTS_AT, service } from './service.ts';

/** A long life of the service, at random: many batches, helpers and consumers, and all the trouble there is. */

const STEPS = 250;
const MOST_CONSUMERS = 4;
const LIFETIMES = [48, 48, 24, 200];

/**
 * @param onStep is told of each step
 * @returns what was not as promised, and the last steps; undefined if all was
 */
export async function walk(
  seed: number,
  onStep: (step: string) => void = () => undefined,
): Promise<string | undefined> {
  const random = createRandom(seed);
  const one = service({ retentionHours: 48, random: random.next, announces: random.chance(0.7) });
  const life = lifeOf(one, random);
  const steps: string[] = [];
  for (let i = 0; i < STEPS && one.violation() === undefined; i++) {
    const step = life.step();
    steps.push(step);
    onStep(step);
    await settled();
  }
  await checkPromises(one);
  const violation = one.violation();
  return violation && `${violation.message}\n${steps.slice(-60).join('\n')}`;
}

/** The weight of each kind of step: how often it comes, relative to the others that are possible. */
const WEIGHTS: Record<Step['kind'], number> = {
  perform: 12,
  stale: 3,
  fail: 1,
  late: 4,
  crash: 0.5,
  deadline: 0.3,
  expire: 3,
};

/** Clocks of two processes differ by less than 5 minutes. */
const MOST_SKEW = 2 * MINUTE;

function lifeOf(one: Service, random: Random) {
  let names = 0;
  let events = 0;
  let snapshot: Snapshot | undefined;
  const isQuick = random.chance(0.5);
  const name = (kind: string): string => `${kind}${++names}`;
  const skew = (): number => random.integer(-MOST_SKEW, MOST_SKEW);

  const newEvent = (): string => {
    const event = `e${++events}`;
    return random.chance(0.2) ? event.toUpperCase() : event;
  };
  /** New events, copies of earlier ones, and what came back to the queue. */
  const batch = (): string[] => {
    const earlier = [...one.published];
    const unfinished = earlier.filter((event) => !one.acknowledged.has(event));
    return Array.from({ length: random.integer(1, 4) }, () => {
      if (unfinished.length > 0 && random.chance(0.4)) return random.pick(unfinished);
      return earlier.length > 0 && random.chance(0.3) ? random.pick(earlier.slice(-6)) : newEvent();
    });
  };

  const newConsumer = (): Consumer => {
    const starts: Exclude<Start, { kind: 'cursor' }>[] = [
      { kind: 'oldest' },
      { kind: 'now' },
      { kind: 'since', since: one.processes.now() - random.integer(0, 10 * MINUTE) },
      { kind: 'since', since: Math.max(STARTS_AT, one.processes.now() - random.integer(0, 50 * HOUR)) },
    ];
    const options: ConsumerOptions = {
      name: name('consumer'),
      start: random.pick(starts),
      limit: random.pick([1, 2, 3, 100]),
      ...(random.chance(0.2) && { applications: ['player'] as const }),
    };
    return one.consumer(options);
  };

  const poll = (): string => {
    const isNew = one.consumers.length === 0 || (one.consumers.length < MOST_CONSUMERS && random.chance(0.2));
    const consumer = isNew ? newConsumer() : random.pick(one.consumers);
    for (const slot of consumer.progress?.unresolved ?? [])
      if (random.chance(0.5))
        one.resolve({ name: name('h'), request: { kind: 'slot', ...slot }, skew: skew() });
    one.poll(consumer, {
      skew: skew(),
      saves: random.chance(0.8),
      name: `${consumer.options.name}.${name('')}`,
    });
    return `${consumer.options.name} asks`;
  };

  const advance = (): string => {
    const most = random.pick([
      SECOND,
      5 * SECOND,
      20 * SECOND,
      20 * SECOND,
      isQuick ? MINUTE : 10 * HOUR,
      isQuick ? HOUR : 60 * HOUR,
    ]);
    const milliseconds = random.integer(0, most);
    one.processes.advance(milliseconds);
    return `${milliseconds} ms later`;
  };

  const ownSteps: WeightedStep[] = [
    [
      2,
      () => {
        const taken = batch();
        const batchName = name('w');
        one.ingest({ name: batchName, events: taken, skew: skew() });
        return `${batchName} begins with ${taken}`;
      },
    ],
    [
      1,
      () => {
        one.resolve({ name: name('h'), request: { kind: 'all' }, skew: skew() });
        return 'the schedule resolves';
      },
    ],
    [2, poll],
    [2.5, advance],
    [
      0.15,
      () => {
        one.setRetention(random.pick(LIFETIMES));
        return `the lifetime is ${one.retentionHours()} hours`;
      },
    ],
    [
      0.04,
      () => {
        if (snapshot) one.restore(snapshot);
        const text = snapshot ? 'the table is restored' : 'a backup is made';
        snapshot = snapshot ? undefined : one.snapshot();
        return text;
      },
    ],
  ];

  return {
    /** @returns what it did */
    step(): string {
      const stale = {
        missed: random.integer(0, 3),
        missedBefore: random.integer(0, 3),
        from: `shard ${random.integer(0, 3)}/${String(random.integer(1, 9)).padStart(6, '0')}`,
      };
      return anyStep(random, { own: ownSteps, processes: one.processes, weights: WEIGHTS, stale });
    },
  };
}
