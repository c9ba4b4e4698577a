/**
 * Passes on the logs of an answer, as many as the answer announced.
 *
 * @throws Error at the first log too many, or at the end if there were too few
 */
export function* announcedLogs(results: number, logs: Iterable<Buffer>): Generator<Buffer, void, undefined> {
  let sent = 0;
  for (const log of logs) {
    if (sent >= results) throw new Error(`more logs than the ${results} that were announced`);
    yield log;
    sent += 1;
  }
  if (sent !== results) throw new Error(`${sent} logs instead of the ${results} that were announced`);
}
