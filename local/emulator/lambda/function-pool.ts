import type { FunctionProcess } from './function-process.ts';
import type { InvocationResponse } from './runtime-api.ts';

/** The processes of one function. */
export interface FunctionPool {
  /**
   * Runs an invocation in a process of its own, waiting for one if all are busy.
   *
   * @param signal ends the wait; an invocation that has begun goes on
   * @throws FunctionError if it fails; the signal's reason if the wait was ended
   */
  invoke(payload: string, signal?: AbortSignal): Promise<InvocationResponse>;
  /** Starts the first process, so that a function that cannot start is found early. */
  warm(): Promise<void>;
  /**
   * Runs new code from the next invocation on. Invocations under way finish on the old code.
   *
   * @param start starts a process with the new code
   * @throws FunctionError if the new code cannot start; the pool then keeps the old code
   */
  replace(start: StartProcess): Promise<void>;
  pids(): number[];
  close(): Promise<void>;
}

/** How a pool grows and shrinks. */
export interface PoolLimits {
  /** Whether one more process may be started. */
  mayStart(running: number): boolean;
  /** Up to so many processes are started as soon as one is missing. */
  readonly atOnce: number;
  /** Beyond that, one is started only for an invocation that has waited so long: most end sooner. Milliseconds. */
  readonly growAfter: number;
  /** How many of these are being started at the same time. */
  readonly startsAtOnce: number;
  /** How long a process may be idle before it is ended, milliseconds. The last one stays. */
  readonly idleLimit: number;
}

/** Starts a process on demand; it may still have to initialize when this returns. */
export type StartProcess = () => Promise<FunctionProcess>;

interface Waiter {
  readonly since: number;
  readonly turn: PromiseWithResolvers<FunctionProcess>;
}

/** Starts processes on demand and keeps them for the next invocations, as Lambda does. */
export function functionPool(startFirst: StartProcess, limits: PoolLimits): FunctionPool {
  let start = startFirst;
  const processes = new Set<FunctionProcess>();
  /** The longest idle first. */
  const idle: { readonly process: FunctionProcess; readonly since: number }[] = [];
  const waiting: Waiter[] = [];
  /** Processes whose code has been replaced. */
  const outdated = new WeakSet<FunctionProcess>();
  /** Idle processes that are being ended. */
  const ending = new Set<FunctionProcess>();
  let starting = 0;
  /** Processes that are being started for a waiting invocation. */
  let growing = 0;
  /** Processes that have answered and will ask for the next invocation in a moment. */
  let finishing = 0;
  let closed = false;
  let growTimer: NodeJS.Timeout | undefined;
  let shrinkTimer: NodeJS.Timeout | undefined;

  const running = (): number => processes.size + starting;

  const startOne = async (startWith = start): Promise<FunctionProcess> => {
    if (closed) throw stopped();
    const current = start;
    starting += 1;
    const process = await startWith().finally(() => {
      starting -= 1;
    });
    processes.add(process);
    if (current !== start) outdated.add(process);
    void process.exited.then(() => {
      processes.delete(process);
      remove(idle, (each) => each.process === process);
      // Its end makes room for another one.
      if (waiting.length > growing && !closed) startForWaiter();
    });
    return process;
  };

  /** Ends a process that is idle and no longer needed. */
  const end = (process: FunctionProcess): void => {
    processes.delete(process);
    ending.add(process);
    void process.close().finally(() => ending.delete(process));
  };

  /** Gives an idle process to the invocation that has waited longest. */
  const offer = (process: FunctionProcess): void => {
    if (!processes.has(process)) return;
    if (outdated.has(process)) {
      end(process);
      return;
    }
    const next = waiting.shift();
    if (next !== undefined) next.turn.resolve(process);
    else {
      idle.push({ process, since: performance.now() });
      shrinkTimer ??= setTimeout(shrink, limits.idleLimit).unref();
    }
  };

  const startIdle = async (): Promise<FunctionProcess> => {
    const process = await startOne();
    await process.idle();
    return process;
  };
  const startForWaiter = (): void => {
    growing += 1;
    startIdle()
      .finally(() => {
        growing -= 1;
      })
      .then(offer, (error) => waiting.shift()?.turn.reject(error));
  };

  const grow = (): void => {
    growTimer = undefined;
    const due = performance.now() - limits.growAfter;
    const overdue = waiting.filter(({ since }) => since <= due).length;
    while (growing < Math.min(overdue, limits.startsAtOnce) && limits.mayStart(running())) startForWaiter();
    if (waiting.length > 0) growTimer = setTimeout(grow, limits.growAfter).unref();
  };

  const shrink = (): void => {
    const due = performance.now() - limits.idleLimit;
    for (let [first] = idle; first !== undefined && first.since <= due; [first] = idle) {
      if (processes.size <= 1) break;
      idle.shift();
      end(first.process);
    }
    shrinkTimer = idle.length === 0 ? undefined : setTimeout(shrink, limits.idleLimit).unref();
  };

  const acquire = async (signal?: AbortSignal): Promise<FunctionProcess> => {
    signal?.throwIfAborted();
    const free = idle.pop();
    if (free !== undefined) return free.process;
    const mayStart = running() < limits.atOnce && limits.mayStart(running());
    if (finishing <= waiting.length && mayStart) return startOne();

    const waiter = { since: performance.now(), turn: Promise.withResolvers<FunctionProcess>() };
    waiting.push(waiter);
    growTimer ??= setTimeout(grow, limits.growAfter).unref();
    const giveUp = (): void => {
      if (remove(waiting, (each) => each === waiter)) waiter.turn.reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    return waiter.turn.promise.finally(() => signal?.removeEventListener('abort', giveUp));
  };

  /** Offers a process when it is idle. One that has ended instead has made room already. */
  const release = (process: FunctionProcess): Promise<void> =>
    process.idle().then(
      () => offer(process),
      () => {},
    );

  return {
    async invoke(payload, signal) {
      const process = await acquire(signal);
      let streams = false;
      try {
        await process.idle();
        const answer = await process.invoke(payload);
        streams = answer.mode === 'streaming';
        return answer;
      } finally {
        const done = release(process);
        if (!streams) {
          finishing += 1;
          void done.finally(() => {
            finishing -= 1;
          });
        }
      }
    },
    async warm() {
      offer(await startIdle());
    },
    async replace(startNew) {
      const process = await startOne(startNew);
      await process.idle().catch((error) => {
        end(process);
        throw error;
      });
      if (closed) throw stopped();
      start = startNew;
      for (const old of processes) outdated.add(old);
      outdated.delete(process);
      for (const { process: old } of idle.splice(0)) end(old);
      offer(process);
    },
    pids: () => [...processes].map(({ pid }) => pid),
    async close() {
      closed = true;
      clearTimeout(growTimer);
      clearTimeout(shrinkTimer);
      for (const { turn } of waiting.splice(0)) turn.reject(stopped());
      await Promise.all([...processes, ...ending].map((process) => process.close()));
    },
  };
}

const stopped = (): Error => new Error('the function is being stopped');

/** @returns whether there was one */
function remove<T>(list: T[], isIt: (item: T) => boolean): boolean {
  const index = list.findIndex(isIt);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}
