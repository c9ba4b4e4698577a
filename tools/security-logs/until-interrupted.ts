/**
 * Runs something that Ctrl-C ends in its own time, so that it leaves its queues in order. A second Ctrl-C ends the process.
 *
 * @param run gets the signal that Ctrl-C aborts
 */
export async function untilInterrupted<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const onInterrupt = (): void => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    return await run(interrupt.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
