/**
 * Calls `stop` once: on SIGINT, SIGTERM or SIGHUP, when the parent (npm, a shell) has gone, or when nobody reads
 * the output any more.
 */
export function onStopRequest(stop: () => void): void {
  let requested = false;
  const request = (): void => {
    if (requested) return;
    requested = true;
    clearInterval(timer);
    stop();
  };

  // A process whose parent ends gets another parent, without a signal.
  const parent = process.ppid;
  const timer = setInterval(() => process.ppid === parent || request(), 250).unref();

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, request);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', request);
}
