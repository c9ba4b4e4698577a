/**
 * For the child processes of the local stack: ends the process when its parent is gone, even when the parent was
 * killed, and leaves it to the parent what a signal for the whole terminal (Ctrl-C, closing it) means.
 *
 * @param end what to do before ending
 */
export function endWithParent(end: () => Promise<void> | void = () => {}): void {
  process.once('disconnect', async () => {
    await end();
    process.exit();
  });
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
}
