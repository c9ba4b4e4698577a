import type { ResolveRequest } from '../../../../shared/feed/resolve-request.ts';
import type { Consumer, ConsumerOptions } from './consumer.ts';
import { checkPromises } from './promises.ts';
import { type Step, settled, type Trouble } from './scheduler.ts';
import { type Snapshot, service } from './service.ts';
import { isContentKey, partitionOf } from './simulated-table.ts';
import { CURRENT } from './stored-items.ts';

/** A small case: a few processes, and how much trouble there may be. All its interleavings can be explored. */
export interface Scenario {
  readonly name: string;
  readonly actors: readonly Actor[];
  /** The clock goes on by this, milliseconds, at any moment but in this order. Actors start at time 0, 1, 2 ... */
  readonly times?: readonly Time[];
  /** How many requests stay without an answer. */
  readonly failures?: number;
  readonly crashes?: number;
  /** How many reads see an older state. */
  readonly staleReads?: number;
  readonly expiry?: boolean;
  readonly retentionHours?: number;
  readonly announces?: boolean;
}

export interface Time {
  readonly advance: number;
  /** The lifetime from then on, hours. */
  readonly retentionHours?: number;
  /** The table is restored to what it was at this time. */
  readonly restore?: number;
  /** What has expired is deleted at once: all of it, or only the intents. */
  readonly expires?: 'all' | 'intents';
}

/** What is decided beforehand, so that few interleavings are left: requests are named by how they begin. */
export interface Script {
  /** The process crashes instead of this request. */
  readonly crashesBefore?: string;
  /** The process waits with this request until a time. */
  readonly waits?: { readonly before: string; readonly until: number };
}

export type Actor = { readonly at: number; readonly skew?: number } & (
  | ({ readonly kind: 'ingest'; readonly name: string; readonly events: string } & Script)
  | { readonly kind: 'resolve'; readonly name: string; readonly request?: ResolveRequest }
  /** A consumer asks once. Actors with the same options are the same consumer. */
  | { readonly kind: 'poll'; readonly consumer: ConsumerOptions; readonly saves?: boolean }
);

export interface Exploration {
  readonly states: number;
  readonly runs: number;
  /** Whether every interleaving was seen. */
  readonly isComplete: boolean;
  readonly violation: string | undefined;
  /** The steps that led to it. */
  readonly steps: readonly string[];
}

/** When to give up. */
export interface Bounds {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly runs?: number;
}

/**
 * Explores all interleavings of a scenario, depth first. Each run begins at the start; a state that was seen before is not
 * explored again.
 */
export async function explore(scenario: Scenario, bounds: Bounds): Promise<Exploration> {
  const seen = new Set<string>();
  const waiting: (readonly number[])[] = [[]];
  let runs = 0;
  for (let path = waiting.pop(); path; path = waiting.pop()) {
    if (Date.now() > bounds.until || runs === bounds.runs)
      return { states: seen.size, runs, isComplete: false, violation: undefined, steps: [] };
    runs += 1;
    const { violation, steps } = await run(scenario, path, seen, (other) => waiting.push(other));
    if (violation) return { states: seen.size, runs, isComplete: true, violation, steps };
  }
  return { states: seen.size, runs, isComplete: true, violation: undefined, steps: [] };
}

/** Follows a path of choices, and then takes the first choice each time, until the end or a state that was seen. */
async function run(
  scenario: Scenario,
  path: readonly number[],
  seen: Set<string>,
  branch: (path: readonly number[]) => void,
): Promise<{ violation: string | undefined; steps: string[] }> {
  const cast = stage(scenario);
  const steps: string[] = [];
  const taken: number[] = [];
  for (;;) {
    await settled();
    const found = cast.service.violation();
    if (found) return { violation: found.message, steps };
    const choices = cast.choices();
    let choice = path[taken.length];
    if (choice === undefined) {
      const state = cast.text();
      if (seen.has(state)) return { violation: undefined, steps };
      seen.add(state);
      for (let i = choices.length - 1; i > 0; i--) branch([...taken, i]);
      choice = 0;
    }
    const step = choices[choice];
    if (step === undefined) break;
    taken.push(choice);
    steps.push(step.text);
    step.run();
    if (step.kind === 'end') break;
  }
  await checkPromises(cast.service);
  return { violation: cast.service.violation()?.message, steps };
}

type Choice = Pick<Step, 'text' | 'run'> & { readonly kind: Step['kind'] | 'time' | 'end' };

/** Puts a scenario on the stage. */
function stage(scenario: Scenario) {
  const { actors, times = [], failures = 0, crashes = 0, staleReads = 0, expiry = false } = scenario;
  const { retentionHours = 48, announces = true } = scenario;
  const left = { fail: failures, crash: crashes, stale: staleReads };
  const one = service({ retentionHours, announces, random: () => 0 });
  const consumers = new Map<string, Consumer>();
  const snapshots: Snapshot[] = [];
  let time = 0;

  const enter = (actor: Actor, index: number): void => {
    const skew = actor.skew ?? 0;
    if (actor.kind === 'ingest') one.ingest({ name: actor.name, events: [...actor.events], skew });
    else if (actor.kind === 'resolve')
      one.resolve({ name: actor.name, request: actor.request ?? { kind: 'all' }, skew });
    else {
      const { consumer, saves = true } = actor;
      const follower = consumers.get(consumer.name) ?? one.consumer(consumer);
      consumers.set(consumer.name, follower);
      one.poll(follower, { skew, saves, name: `${consumer.name} ${index}` });
    }
  };
  const enterAll = (): void => {
    snapshots.push(one.snapshot());
    actors.forEach((actor, i) => {
      if (actor.at === time) enter(actor, i);
    });
  };
  enterAll();

  const goOn = ({ advance, retentionHours, restore, expires }: Time): void => {
    time += 1;
    one.processes.advance(advance);
    if (retentionHours !== undefined) one.setRetention(retentionHours);
    for (const key of expires ? one.processes.items.expired() : [])
      if (expires === 'all' || isContentKey(key)) one.processes.items.expire(partitionOf(key), key);
    const snapshot = restore === undefined ? undefined : snapshots[restore];
    if (snapshot) one.restore(snapshot);
    enterAll();
  };

  /** Takes the steps away that the script excludes. */
  const scripted = (steps: readonly Step[]): readonly Step[] => {
    let left = steps;
    for (const actor of actors) {
      if (actor.kind !== 'ingest') continue;
      const { name, crashesBefore, waits } = actor;
      const isAbout = (step: Step, request: string | undefined) =>
        step.text.startsWith(`${name}: ${request}`);
      if (steps.some((step) => isAbout(step, crashesBefore))) one.processes.crash(name);
      left = left.filter((step) => !isAbout(step, crashesBefore));
      if (waits && time < waits.until) left = left.filter((step) => !isAbout(step, waits.before));
    }
    return left;
  };

  return {
    service: one,
    choices(): Choice[] {
      const trouble: Trouble = {
        failures: left.fail > 0,
        crashes: left.crash > 0,
        deadlines: false,
        staleness:
          left.stale > 0 ? [1, 2].map((missed) => ({ ...CURRENT, missed, missedBefore: missed })) : [],
        expiry,
      };
      const steps = scripted(one.processes.steps(trouble)).map(
        (step): Choice => ({
          ...step,
          run: () => {
            if (step.kind === 'fail' || step.kind === 'crash' || step.kind === 'stale') left[step.kind] -= 1;
            step.run();
          },
        }),
      );
      const next = times[time];
      if (next) steps.push({ kind: 'time', text: `${next.advance / 1000} s later`, run: () => goOn(next) });
      else if (one.processes.isIdle()) steps.unshift({ kind: 'end', text: 'the end', run: () => undefined });
      return steps;
    },
    text: (): string => [time, JSON.stringify(left), one.text()].join('\n'),
  };
}
