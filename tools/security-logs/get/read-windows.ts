import { WindowTooLarge } from '../../../shared/api-client/answers.ts';
import { type Persistence, persist } from '../service/persist.ts';

/** From `start` until before `end`, as the service writes times. */
export interface Window {
  readonly start: string;
  readonly end: string;
}

/** A whole answer. */
export interface WindowLogs {
  /** A log a line. */
  readonly lines: AsyncIterable<Buffer>;
  readonly logs: number;
}

export interface WindowsToRead extends Persistence {
  readonly from: string;
  readonly until: string;
  /** @throws WindowTooLarge, NoAnswer or any other error */
  ask(window: Window): Promise<WindowLogs>;
}

/**
 * Reads a range of time window by window: where one does not fit into an answer, until the time that the service names,
 * and then on from there (docs/contract.md#reading-logs).
 *
 * @yields each whole window, in order; together they are the range
 */
export async function* readWindows({
  from,
  until,
  ask,
  ...persistence
}: WindowsToRead): AsyncGenerator<WindowLogs & { readonly end: string }, void, void> {
  let start = from;
  let end = until;
  while (Date.parse(start) < Date.parse(until)) {
    const window = { start, end };
    const answer = await persist(() => ask(window), persistence).catch((error) => {
      if (error instanceof WindowTooLarge) return error;
      throw error;
    });
    if (!(answer instanceof WindowTooLarge)) {
      yield { ...answer, end };
      [start, end] = [end, until];
      continue;
    }
    const { nextEndTime } = answer;
    const fits = Date.parse(start) < Date.parse(nextEndTime) && Date.parse(nextEndTime) < Date.parse(end);
    if (!fits) throw new Error(`the service cannot divide the window from ${start} until ${end}`);
    end = nextEndTime;
  }
}
