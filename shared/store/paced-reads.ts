import { StoreUnavailable } from '../errors.ts';

/**
 * Why a read failed: the store throttled it (`throttled`), the store failed or was not reached (`transient`), or the
 * request was wrong (`ours`).
 */
export type ReadFault = 'throttled' | 'transient' | 'ours';

export interface Pacing {
  /** The largest number of reads in flight. */
  readonly most: number;
  readonly faultOf: (error: unknown) => ReadFault;
  /** Waits some milliseconds; rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** From 0 (inclusive) to 1 (exclusive), uniform. */
  readonly random: () => number;
}

/** Runs a read in its turn, and retries it until it succeeds or fails permanently. */
export type PacedRead = <Result>(read: () => Promise<Result>) => Promise<Result>;

/** How often a read is tried if its failures are transient. Throttled reads are tried until the signal aborts. */
const ATTEMPTS = 5;
/** The longest wait after the first fault, and after any fault, milliseconds. */
const FIRST_WAIT = 50;
const LONGEST_WAIT = 2_000;

/**
 * Adapts the number of reads in flight to what the store can serve. Throttling halves the number, and each success adds
 * one again (additive increase, multiplicative decrease, as in RFC 5681 for TCP). A read that failed waits before it is
 * tried again, for a random part of a time that doubles (exponential backoff with full jitter). Other reads continue
 * meanwhile, so one throttled partition does not delay the rest.
 *
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @param signal ends all waiting; a read has to listen to it by itself
 * @returns a function that runs one read. It throws the signal's reason when the signal aborts, StoreUnavailable if the
 *   store keeps failing, and the error of the read if the fault is ours
 */
export function pacedReads({ most, faultOf, sleep, random }: Pacing, signal: AbortSignal): PacedRead {
  let allowed = most;
  let inFlight = 0;
  /** The number of reads begun so far, and its value when the number in flight was last halved. */
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

  /** Halves once for all reads that were in flight together, because they are throttled together. */
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
  new StoreUnavailable(`the store failed ${ATTEMPTS} times to read logs`, { cause });
