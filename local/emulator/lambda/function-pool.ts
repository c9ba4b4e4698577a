import type { FunctionProcess } from './function-process.ts';
import type { InvocationResponse } from './runtime-api.ts';

export type FunctionPool = ReturnType<typeof functionPool>;

/** How a pool grows. Its processes stay until it is closed. */
export interface PoolLimits {
  /** Whether one more process may be started. */
  mayStart(running: number): boolean;
  /** Up to so many processes are started as soon as one is missing. */
  readonly atOnce: number;
  /** Beyond that, one is started only for an invocation that has waited so long: most end sooner. Milliseconds. */
  readonly growAfter: number;
  /** How many of these are being started at the same time. */
  readonly startsAtOnce: number;
}

/** Starts a process on demand; it may still have to initialize when this returns. */
export type StartProcess = () => Promise<FunctionProcess>;

interface Waiter {
  readonly since: number;
  readonly turn: PromiseWithResolvers<FunctionProcess>;
}

/** Starts processes on demand and keeps them for the next invocations, as Lambda does. */
export function functionPool(startFirst: StartProcess, limits: PoolLimits) {
  let start = startFirst;
  const processes = new Set<FunctionProcess>();
  let idle: FunctionProcess[] = [];
  let waiting: Waiter[] = [];
  /** Processes whose code has been replaced. */
  const outdated = new WeakSet<FunctionProcess>();
  let starting = 0;
  /** Processes that are being started for a waiting invocation. */
  let growing = 0;
  /** Processes that have answered and will ask for the next invocation in a moment. */
  let finishing = 0;
  let closed = false;
  let growTimer: NodeJS.Timeout | undefined;

  const mayStart = (): boolean => limits.mayStart(processes.size + starting);

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
      idle = idle.filter((each) => each !== process);
      // Its end makes room for another one.
      if (waiting.length > growing && !closed) startForWaiter();
    });
    return process;
  };

  /** Gives an idle process to the invocation that has waited longest. */
  const offer = (process: FunctionProcess): void => {
    if (!processes.has(process)) return;
    if (outdated.has(process)) void process.close();
    else {
      const next = waiting.shift();
      if (next === undefined) idle.push(process);
      else next.turn.resolve(process);
    }
  };

  const startIdle = async (startWith?: StartProcess): Promise<FunctionProcess> => {
    const process = await startOne(startWith);
    await process.idle().catch(async (error) => {
      await process.close();
      throw error;
    });
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
    const due = performance.now() - limits.growAfter;
    const overdue = waiting.filter(({ since }) => since <= due).length;
    while (growing < Math.min(overdue, limits.startsAtOnce) && mayStart()) startForWaiter();
    growTimer = waiting.length > 0 ? setTimeout(grow, limits.growAfter).unref() : undefined;
  };

  const acquire = async (signal?: AbortSignal): Promise<FunctionProcess> => {
    signal?.throwIfAborted();
    const free = idle.pop();
    if (free !== undefined) return free;
    const isFew = processes.size + starting < limits.atOnce;
    if (finishing <= waiting.length && isFew && mayStart()) return startOne();

    const waiter = { since: performance.now(), turn: Promise.withResolvers<FunctionProcess>() };
    waiting.push(waiter);
    growTimer ??= setTimeout(grow, limits.growAfter).unref();
    const giveUp = (): void => {
      waiting = waiting.filter((each) => each !== waiter);
      waiter.turn.reject(signal?.reason);
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
    /**
     * Runs an invocation in a process of its own, waiting for one if all are busy.
     *
     * @param signal ends the wait; an invocation that has begun goes on
     * @throws FunctionError if it fails; the signal's reason if the wait was ended
     */
    async invoke(payload: string, signal?: AbortSignal): Promise<InvocationResponse> {
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
    /** Starts the first process, so that a function that cannot start is found early. */
    async warm(): Promise<void> {
      offer(await startIdle());
    },
    /**
     * Runs new code from the next invocation on. Invocations under way finish on the old code.
     *
     * @throws FunctionError if the new code cannot start; the pool then keeps the old code
     */
    async replace(startNew: StartProcess): Promise<void> {
      const process = await startIdle(startNew);
      if (closed) throw stopped();
      start = startNew;
      for (const old of processes) outdated.add(old);
      outdated.delete(process);
      for (const old of idle) void old.close();
      idle = [];
      offer(process);
    },
    pids: (): number[] => [...processes].map(({ pid }) => pid),
    async close(): Promise<void> {
      closed = true;
      clearTimeout(growTimer);
      for (const { turn } of waiting.splice(0)) turn.reject(stopped());
      await Promise.all([...processes].map((process) => process.close()));
    },
  };
}

const stopped = (): Error => new Error('the function is being stopped');
