import { constants } from 'node:os';
import { onStopRequest } from '../local/stop-requests.ts';

/** How long closing may take, milliseconds. */
const PATIENCE = 10_000;

/**
 * When this process is told to end, or nobody is there any more who started it: closes what was started, and ends with
 * the status of a program that the signal has ended.
 */
export function endOnRequest(close: () => Promise<void>): void {
  let status = 1;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      status = 128 + constants.signals[signal];
    });
  }
  onStopRequest(() => {
    const end = (): never => process.exit(status);
    setTimeout(end, PATIENCE);
    close().then(end, end);
  });
}
