import { MINUTE } from '../../../../shared/time.ts';
import type { Submit, TableRequest } from './simulated-table.ts';
import { partitionOf } from './simulated-table.ts';
import { CURRENT, type Staleness, type StoredItems, storedItems } from './stored-items.ts';

/**
 * Owns every await of the simulated processes: no request is done, and none is answered, until a step says so. Between two
 * steps all promises settle, so the same steps always lead to the same state.
 */

export interface Process {
  readonly name: string;
  /** How far its clock is off, milliseconds. */
  readonly skew: number;
  readonly startedAt: number;
  readonly signal: AbortSignal;
  readonly submit: Submit;
  /** Its own clock, epoch milliseconds. */
  readonly now: () => number;
}

/** What the scheduler can do next. */
export interface Step {
  readonly kind: 'perform' | 'stale' | 'fail' | 'deadline' | 'crash' | 'late' | 'expire';
  readonly text: string;
  run(): void;
}

/** Which steps there are, beside doing the requests as they should be done. */
export interface Trouble {
  /** Requests may fail: they take effect later, or never. */
  readonly failures: boolean;
  readonly crashes: boolean;
  /** All requests of a process may fail at once, and its later ones, too. */
  readonly deadlines: boolean;
  /** Reads that are not strongly consistent may see older states. */
  readonly staleness: readonly Staleness[];
  /** Items whose time is over are deleted, each at any time, in any order. */
  readonly expiry: boolean;
}

interface Running {
  readonly process: Process;
  readonly controller: AbortController;
  /** What it has learned. It decides what the process does next. */
  readonly memory: Map<string, string>;
}

interface Pending {
  readonly running: Running;
  readonly request: TableRequest<unknown>;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** A request that is on its way although its process has given it up, or has died. */
interface Late {
  readonly from: string;
  readonly since: number;
  readonly request: TableRequest<unknown>;
}

/** A function runs no longer than this. */
const LONGEST_RUN = 1 * MINUTE;
/** A request arrives no later than this. */
const LONGEST_WAY = 15 * MINUTE;

/** What a process gets instead of an answer. One object serves all: making an error takes longer than a step. */
export const REQUEST_LOST = new Error('the request was lost');

export type Scheduler = ReturnType<typeof scheduler>;

/** @param startsAt epoch milliseconds */
export function scheduler(startsAt: number) {
  let time = startsAt;
  const items: StoredItems = storedItems(() => time);
  let running: Running[] = [];
  let pending: Pending[] = [];
  let late: Late[] = [];

  const remove = (one: Pending): void => {
    pending = pending.filter((other) => other !== one);
  };

  const remember = ({ memory }: Running, label: string, text: string): void => {
    let name = label;
    while (memory.has(name)) name += '+';
    memory.set(name, text);
  };

  const perform = (one: Pending, staleness: Staleness): void => {
    remove(one);
    const { partition, describe } = one.request;
    const reply = one.request.perform(items.view(partition, staleness));
    remember(one.running, one.request.label, describe(reply));
    one.resolve(reply);
  };

  const giveUp = ({ running: { process }, request }: Pending): void => {
    if (request.isWrite) late.push({ from: process.name, since: time, request });
  };

  const fail = (one: Pending): void => {
    remove(one);
    giveUp(one);
    remember(one.running, one.request.label, 'lost');
    one.reject(REQUEST_LOST);
  };

  const pendingOf = (of: Running): Pending[] => pending.filter((one) => one.running === of);

  const crash = (one: Running): void => {
    running = running.filter((other) => other !== one);
    for (const request of pendingOf(one)) {
      remove(request);
      giveUp(request);
    }
  };

  const abort = (one: Running): void => {
    remember(one, 'deadline', String(time));
    one.controller.abort();
    for (const request of pendingOf(one)) fail(request);
  };

  const arrive = (one: Late): void => {
    late = late.filter((other) => other !== one);
    one.request.perform(items.current());
  };

  return {
    items,
    now: (): number => time,
    isIdle: (): boolean => pending.length === 0,
    hasLate: (): boolean => late.length > 0,

    /** Starts a process: it runs until its first request. If it crashes, nothing of it ever happens any more. */
    start(name: string, skew: number, body: (process: Process) => Promise<void>): void {
      const controller = new AbortController();
      const memory = new Map<string, string>();
      let clockReads = 0;
      const submit: Submit = (request) =>
        new Promise((resolve, reject) => {
          if (!running.includes(one)) return;
          if (controller.signal.aborted) reject(REQUEST_LOST);
          else
            pending.push({
              running: one,
              request: request as TableRequest<unknown>,
              resolve: resolve as (value: unknown) => void,
              reject,
            });
        });
      const now = (): number => {
        memory.set(`now ${clockReads++}`, String(time));
        return time + skew;
      };
      const process: Process = { name, skew, startedAt: time, signal: controller.signal, submit, now };
      const one: Running = { process, controller, memory };
      running.push(one);
      const end = (): void => {
        running = running.filter((other) => other !== one);
      };
      void body(process).then(end, end);
    },

    steps({ failures, crashes, deadlines, staleness, expiry }: Trouble): Step[] {
      const steps: Step[] = [];
      const add = (kind: Step['kind'], text: string, run: () => void) => steps.push({ kind, text, run });
      for (const one of pending) {
        const {
          request,
          running: { process },
        } = one;
        const text = `${process.name}: ${request.label}`;
        add('perform', text, () => perform(one, CURRENT));
        if (request.isEventual && items.missable(request.partition) > 0)
          for (const stale of staleness)
            add('stale', `${text}, without the last ${stale.missed} writes`, () => perform(one, stale));
        if (failures) add('fail', `${text}, no answer`, () => fail(one));
      }
      for (const one of running) {
        if (pendingOf(one).length === 0) continue;
        if (crashes) add('crash', `${one.process.name} crashes`, () => crash(one));
        if (deadlines) add('deadline', `${one.process.name} reaches its deadline`, () => abort(one));
      }
      for (const one of late)
        add('late', `${one.from}: ${one.request.label} arrives late`, () => arrive(one));
      if (expiry)
        for (const key of items.expired())
          add('expire', `${key} expires`, () => items.expire(partitionOf(key), key));
      return steps;
    },

    /** Does what is asked, in order, until no process asks for anything. */
    async finish(): Promise<void> {
      await settled();
      for (let one = pending[0]; one; one = pending[0]) {
        perform(one, CURRENT);
        await settled();
      }
    },

    /** Lets the requests arrive that are still on their way. */
    arriveAll(): void {
      for (const one of [...late]) arrive(one);
    },

    /** Kills the process. */
    crash(name: string): void {
      for (const one of [...running]) if (one.process.name === name) crash(one);
    },

    /** Kills all processes, and loses what is on its way. */
    stopAll(): void {
      for (const one of [...running]) crash(one);
      late = [];
    },

    advance(milliseconds: number): void {
      for (const one of [...running])
        if (time + milliseconds - one.process.startedAt > LONGEST_RUN) crash(one);
      time += milliseconds;
      late = late.filter(({ since }) => time - since <= LONGEST_WAY);
    },

    /** Two states with the same text go on in the same way. */
    text: (): string =>
      [
        time,
        items.text(),
        items.recentText(),
        late
          .map(({ from, request }) => `${from} ${request.label}`)
          .sort()
          .join(),
        ...running
          .map(
            ({ process, memory }) =>
              `${process.name}<${[...memory]
                .map((entry) => entry.join(':'))
                .sort()
                .join()}>`,
          )
          .sort(),
        pending
          .map(({ running: { process }, request }) => `${process.name} ${request.label}`)
          .sort()
          .join(),
      ].join('\n'),
  };
}

/** Waits until every promise has settled that can. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
