/**
 * Ends a child process when its parent has ended, even if the parent was killed. A signal for the whole terminal
 * (Ctrl-C, closing it) is left to the parent.
 */
export function endWithParent(end: () => Promise<void> | void = () => {}): void {
  process.once('disconnect', async () => {
    await end();
    process.exit();
  });
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
}
