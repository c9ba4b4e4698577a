import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FunctionError } from '../../../../local/emulator/lambda/function-error.ts';
import { functionPool, type PoolLimits } from '../../../../local/emulator/lambda/function-pool.ts';
import type { FunctionProcess } from '../../../../local/emulator/lambda/function-process.ts';
import { poolLimits } from '../../../../local/emulator/lambda/pool-limits.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A pool of processes that run until they are told to answer. */
function startPool(changes: Partial<PoolLimits> = {}) {
  const running: { pid: number; answer(): void }[] = [];
  let started = 0;
  const start = async (): Promise<FunctionProcess> => {
    started += 1;
    const pid = started;
    const exited = Promise.withResolvers<void>();
    return {
      pid,
      idle: async () => {},
      async invoke() {
        const answered = Promise.withResolvers<void>();
        running.push({ pid, answer: answered.resolve });
        await answered.promise;
        return { mode: 'buffered', payload: String(pid) };
      },
      exited: exited.promise,
      close: async () => exited.resolve(),
    };
  };
  const limits = { ...poolLimits(), mayStart: () => true, startsAtOnce: 2, ...changes };
  const pool = functionPool(start, limits);
  const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);
  const invoke = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) pool.invoke('').catch(() => {});
    await settle();
  };
  const answerAll = async (): Promise<void> => {
    for (const { answer } of running.splice(0)) answer();
    await settle();
  };
  return { pool, invoke, answerAll, settle, running: () => running.length, started: () => started };
}

test('eight slow readers do not keep the ninth waiting', async () => {
  const { invoke, running } = startPool();
  await invoke(9);
  expect(running()).toBe(8);
  await vi.advanceTimersByTimeAsync(1000);
  expect(running()).toBe(9);
});

test('a pool grows as long as somebody waits, a few processes at a time, up to its limit', async () => {
  const { invoke, running, started } = startPool({ mayStart: (count) => count < 20 });
  await invoke(50);
  await vi.advanceTimersByTimeAsync(500);
  expect(running()).toBeLessThanOrEqual(10);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([running(), started()]).toEqual([20, 20]);
});

test('a burst of short invocations starts no more processes than are started at once', async () => {
  const { invoke, answerAll, running, started } = startPool();
  await invoke(40);
  while (running() > 0) await answerAll();
  await vi.advanceTimersByTimeAsync(5000);
  expect(started()).toBe(8);
});

test('where memory allows no more, the next one waits for a process', async () => {
  const { invoke, answerAll, running, started } = startPool({ mayStart: (count) => count < 8 });
  await invoke(10);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(running()).toBe(8);
  await answerAll();
  expect([running(), started()]).toEqual([2, 8]);
});

test('idle processes are used again', async () => {
  const { pool, invoke, answerAll, started } = startPool();
  await invoke(6);
  await answerAll();
  await invoke(2);
  expect(started()).toBe(6);
  expect(pool.pids()).toHaveLength(6);
});

test('who waits for a process when the pool is closed is told', async () => {
  const { pool, invoke } = startPool({ mayStart: (count) => count < 1 });
  await invoke(1);
  const waiting = pool.invoke('');
  const told = expect(waiting).rejects.toThrow('being stopped');
  await pool.close();
  await told;
});

test('a function that cannot start any more fails who waits, one for each attempt', async () => {
  let starts = 0;
  const broken = async (): Promise<FunctionProcess> => {
    starts += 1;
    const hangs = starts === 1;
    return {
      pid: starts,
      idle: async () => {
        if (!hangs) throw new FunctionError('Runtime.ExitError', 'cannot start');
      },
      invoke: () => new Promise(() => {}),
      exited: hangs ? new Promise(() => {}) : Promise.resolve(),
      close: async () => {},
    };
  };
  const pool = functionPool(broken, { ...poolLimits(), atOnce: 1, mayStart: () => true });
  pool.invoke('').catch(() => {});
  const waiting = [pool.invoke(''), pool.invoke('')];
  const failed = Promise.allSettled(waiting);
  await vi.advanceTimersByTimeAsync(3000);
  expect((await failed).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(starts).toBe(3);
});

test('a function may always have eight processes, and as many as an account where there is memory', () => {
  const { mayStart } = poolLimits();
  const available = vi.spyOn(process, 'availableMemory');
  available.mockReturnValue(0);
  expect([mayStart(0), mayStart(7), mayStart(8)]).toEqual([true, true, false]);
  available.mockReturnValue(Number.MAX_SAFE_INTEGER);
  expect([mayStart(8), mayStart(999), mayStart(1000)]).toEqual([true, true, false]);
  available.mockRestore();
});

describe('new code', () => {
  const processOf = (code: string, change: Partial<FunctionProcess> = {}): FunctionProcess => {
    const exited = Promise.withResolvers<void>();
    return {
      pid: 0,
      idle: async () => {},
      invoke: async () => ({ mode: 'buffered', payload: code }),
      exited: exited.promise,
      close: async () => exited.resolve(),
      ...change,
    };
  };

  test('answers the next invocation; one under way finishes on the old code, whose processes then end', async () => {
    const { pool, invoke, answerAll, running } = startPool();
    await invoke(3);
    await answerAll();
    await invoke(2);
    await pool.replace(async () => processOf('new'));
    expect(pool.pids().sort()).toEqual([0, 2, 3]);
    expect(await pool.invoke('')).toEqual({ mode: 'buffered', payload: 'new' });
    expect(running()).toBe(2);
    await answerAll();
    expect(pool.pids()).toEqual([0]);
  });

  test('serves who waits for a process', async () => {
    const { pool, invoke } = startPool({ mayStart: (count) => count < 1 });
    await invoke(1);
    const waiting = pool.invoke('');
    await pool.replace(async () => processOf('new'));
    expect(await waiting).toEqual({ mode: 'buffered', payload: 'new' });
  });

  test('is what a process runs that was being started, once it has finished its first invocation', async () => {
    const slow = Promise.withResolvers<FunctionProcess>();
    const pool = functionPool(() => slow.promise, { ...poolLimits(), mayStart: () => true });
    const first = pool.invoke('');
    await pool.replace(async () => processOf('new'));
    slow.resolve(processOf('old'));
    expect(await first).toEqual({ mode: 'buffered', payload: 'old' });
    await vi.advanceTimersByTimeAsync(0);
    expect(pool.pids()).toHaveLength(1);
    expect(await pool.invoke('')).toEqual({ mode: 'buffered', payload: 'new' });
  });

  test('that cannot start leaves the old code in place', async () => {
    const pool = functionPool(async () => processOf('old'), { ...poolLimits(), mayStart: () => true });
    await pool.warm();
    const idle = async (): Promise<void> => {
      throw new FunctionError('Runtime.ExitError', 'cannot start');
    };
    await expect(pool.replace(async () => processOf('new', { idle }))).rejects.toThrow('cannot start');
    expect(pool.pids()).toHaveLength(1);
    expect(await pool.invoke('')).toEqual({ mode: 'buffered', payload: 'old' });
  });
});
