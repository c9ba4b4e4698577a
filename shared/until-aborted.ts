/**
 * Waits for some work, at most until a signal aborts: also for work that takes no notice of the signal.
 *
 * @returns the result of the work
 * @throws the signal's reason if it aborts before, or was aborted: then the work is not begun
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
