import type { CuttingProxy } from '../../fixtures/cutting-proxy.ts';
import type { Fault, FaultProxy, Trouble } from '../../fixtures/fault-proxy.ts';
import type { StatementFault } from '../../fixtures/statement-faults.ts';
import type { Random } from './random.ts';

/** What goes wrong in a day. A seed decides how often, and the order of the requests decides where. */

/** How often each happens to a request, times the severity. */
const FAULTS: ReadonlyMap<Fault, number> = new Map([
  ['throttle', 0.03],
  ['fail', 0.02],
  ['reset', 0.02],
  ['lose', 0.03],
] as const);
const DELAYED = 0.06;
/** Shorter than the difference between an invocation of the ingest function and the margin of a slot. Milliseconds. */
const LONGEST_DELAY = 800;
/** How many batches of statements have some that fail, and how many statements of these do. */
const BATCHES = 0.2;
const STATEMENTS: ReadonlyMap<StatementFault, number> = new Map([
  ['throttle', 0.15],
  ['fail', 0.1],
] as const);
/** How often a request is the last of the process that sent it, and how long the processes live at least. */
const KILLS = 0.03;
const LEAST_LIFE = 900;
/** How many answers of the feed are cut, and after how many bytes at most. */
const CUTS = 0.12;
const MOST_BYTES = 20_000;

export interface TroubleOptions {
  readonly random: Random;
  readonly severity: number;
  /** Kills the processes of a function. */
  readonly kill: (functionName: 'Ingest' | 'Feed') => void;
}

export interface TroubleCount {
  readonly requests: Readonly<Record<string, number>>;
  end(): void;
}

/** Begins the trouble of a day, until `end`. */
export function makeTrouble(
  store: FaultProxy,
  gateway: CuttingProxy,
  { random, severity, kill }: TroubleOptions,
): TroubleCount {
  const requests: Record<string, number> = {};
  const count = (what: string): void => {
    requests[what] = (requests[what] ?? 0) + 1;
  };
  const choose = <Name extends string>(probabilities: ReadonlyMap<Name, number>): Name | undefined => {
    let left = random.next();
    for (const [name, probability] of probabilities) {
      left -= probability * severity;
      if (left < 0) return name;
    }
    return undefined;
  };
  const lastKill = { Ingest: 0, Feed: 0 };
  const killSometimes = (name: 'Ingest' | 'Feed', probability: number): void => {
    if (Date.now() - lastKill[name] < LEAST_LIFE || !random.chance(probability * severity)) return;
    lastKill[name] = Date.now();
    count(`${name} killed`);
    kill(name);
  };

  store.order((operation): Trouble | undefined => {
    // Only resolving and reading query; only ingest writes.
    killSometimes(operation === 'Query' && random.chance(0.5) ? 'Feed' : 'Ingest', KILLS);
    const fault = choose(FAULTS);
    if (fault !== undefined) count(fault);
    const delay = random.chance(DELAYED * severity) ? random.between(0, LONGEST_DELAY) : 0;
    if (delay > 0) count('delayed');
    const failsSome = operation === 'BatchExecuteStatement' && random.chance(BATCHES * severity);
    const statement = () => {
      const failed = choose(STATEMENTS);
      if (failed !== undefined) count(`statements: ${failed}`);
      return failed;
    };
    return { delay, ...(fault && { fault }), ...(failsSome && { statement }) };
  });
  gateway.order(() => {
    if (!random.chance(CUTS * severity)) return undefined;
    const kind = random.pick(['refuse', 'cut', 'cut', 'end'] as const);
    count(`answers: ${kind}`);
    if (kind === 'refuse') return { kind };
    const onCut = () => killSometimes('Feed', 0.2);
    return { kind, bytes: random.whole(1, MOST_BYTES), onCut };
  });
  return {
    requests,
    end() {
      store.order(() => undefined);
      gateway.order(() => undefined);
    },
  };
}
