import type { FunctionProcess } from './function-process.ts';
import type { InvocationResponse } from './runtime-api.ts';

/** The processes of one function. */
export interface FunctionPool {
  /**
   * Runs an invocation in a process of its own, waiting for one if all are busy.
   *
   * @param signal gives up waiting; an invocation that has begun goes on
   * @throws FunctionError if it fails; AbortError if it was given up
   */
  invoke(payload: string, signal?: AbortSignal): Promise<InvocationResponse>;
  /** Starts the first process, so that a function that cannot start is found early. */
  warm(): Promise<void>;
  pids(): number[];
  close(): Promise<void>;
}

/**
 * Starts processes on demand and keeps them for the next invocation, as Lambda does.
 *
 * @param start starts a process; it may still have to initialize
 * @param limit how many there are at most
 */
export function functionPool(start: () => Promise<FunctionProcess>, limit: number): FunctionPool {
  const processes = new Set<FunctionProcess>();
  const idle: FunctionProcess[] = [];
  const waiting: PromiseWithResolvers<FunctionProcess>[] = [];
  let starting = 0;
  /** Processes that have answered and will ask for more in a moment. */
  let finishing = 0;
  let closed = false;

  const startOne = async (): Promise<FunctionProcess> => {
    if (closed) throw new Error('the function is being stopped');
    starting += 1;
    const process = await start().finally(() => {
      starting -= 1;
    });
    processes.add(process);
    void process.exited.then(() => {
      processes.delete(process);
      remove(idle, process);
      waiting.shift()?.resolve(startOne());
    });
    return process;
  };

  const acquire = async (signal?: AbortSignal): Promise<FunctionProcess> => {
    signal?.throwIfAborted();
    const process = idle.pop();
    if (process !== undefined) return process;
    if (finishing <= waiting.length && processes.size + starting < limit) return startOne();

    const turn = Promise.withResolvers<FunctionProcess>();
    waiting.push(turn);
    const giveUp = (): void => {
      if (remove(waiting, turn)) turn.reject(signal?.reason);
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    return turn.promise.finally(() => signal?.removeEventListener('abort', giveUp));
  };

  const release = async (process: FunctionProcess): Promise<void> => {
    try {
      await process.idle();
    } catch {
      // It has ended, or is about to: its end makes room for the next.
      return;
    }
    if (!processes.has(process)) return;
    const next = waiting.shift();
    if (next === undefined) idle.push(process);
    else next.resolve(process);
  };

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
      const process = await startOne();
      await process.idle();
      void release(process);
    },
    pids: () => [...processes].map(({ pid }) => pid),
    async close() {
      closed = true;
      await Promise.all([...processes].map((process) => process.close()));
    },
  };
}

function remove<T>(list: T[], item: T): boolean {
  const index = list.indexOf(item);
  if (index >= 0) list.splice(index, 1);
  return index >= 0;
}
