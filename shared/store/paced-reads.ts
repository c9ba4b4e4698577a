import { StoreUnavailable } from '../errors.ts';

/**
 * Why a read failed: the store asks for fewer reads (`throttled`), it failed or was not reached (`transient`), or what it
 * was asked is wrong (`ours`).
 */
export type ReadFault = 'throttled' | 'transient' | 'ours';

export interface Pacing {
  /** How many reads are in flight at most. */
  readonly most: number;
  readonly faultOf: (error: unknown) => ReadFault;
  /** Waits some milliseconds; rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** From 0 (inclusive) to 1 (exclusive), uniform. */
  readonly random: () => number;
}

/** Runs a read when it is its turn, again and again until it succeeds or fails for good. */
export type PacedRead = <Result>(read: () => Promise<Result>) => Promise<Result>;

/** How often a read is tried that fails for transient reasons. Throttled reads are tried until the signal ends it. */
const ATTEMPTS = 5;
/** The longest wait after a first fault, and after any, milliseconds. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

/**
 * Paces the reads of one collection by what the store bears. Throttling halves the number of reads in flight, each
 * success adds one again (additive increase, multiplicative decrease: RFC 5681 does the same for TCP). A read that failed
 * waits before it is tried again, for a random part of a time that doubles (exponential backoff with full jitter), and
 * others go on meanwhile: one throttled partition does not hold up the rest.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param signal ends waiting; a read has to heed it by itself
 * @returns a function that runs one read; it throws the signal's reason when it is aborted, StoreUnavailable where the
 *   store fails again and again, and what the read throws where the fault is ours
 */
export function pacedReads({ most, faultOf, sleep, random }: Pacing, signal: AbortSignal): PacedRead {
  let allowed = most;
  let inFlight = 0;
  /** Reads begun so far, and at the last time their number in flight was halved. */
  let begun = 0;
  let begunAtHalving = 0;
  const waiting: PromiseWithResolvers<void>[] = [];
  signal.addEventListener('abort', () => {
    for (const turn of waiting.splice(0)) turn.reject(signal.reason);
  });

  const letIn = (): void => {
    for (; inFlight < allowed && waiting.length > 0; inFlight++) waiting.shift()?.resolve();
  };

  const inTurn = (): Promise<void> => {
    signal.throwIfAborted();
    const turn = Promise.withResolvers<void>();
    waiting.push(turn);
    letIn();
    return turn.promise;
  };

  /** Reads that were in flight together are throttled together: they halve once. */
  const halve = (number: number): void => {
    if (number <= begunAtHalving) return;
    allowed = Math.max(1, Math.floor(allowed / 2));
    begunAtHalving = begun;
  };

  return async (read) => {
    for (let failures = 0, faults = 0; ; faults++) {
      await inTurn();
      const number = ++begun;
      try {
        const result = await read();
        allowed = Math.min(most, allowed + 1);
        return result;
      } catch (error) {
        const fault = signal.aborted ? 'ours' : faultOf(error);
        if (fault === 'ours') throw error;
        if (fault === 'throttled') halve(number);
        else if (++failures === ATTEMPTS) throw unavailable(error);
      } finally {
        inFlight -= 1;
        letIn();
      }
      await sleep(random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** faults), signal);
    }
  };
}

const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(`the store failed ${ATTEMPTS} times to read a page`, { cause });
