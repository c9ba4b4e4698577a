/**
 * Waits for some work, but no longer than until a signal aborts, even if the work ignores the signal.
 *
 * @returns the result of the work
 * @throws the signal's reason if the signal aborts first; if it is aborted already, the work is not started
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
