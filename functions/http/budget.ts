import type { Totals } from '../../shared/store/collect-window.ts';
import { answerLength } from './formats/pages.ts';

/**
 * What one request can send and hold (docs/architecture.md#collect-then-stream). Lambda streams 6 MB at full speed and then 2 MB a second,
 * 200 MB at most; API Gateway is no tighter.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
const BURST_BYTES = 6_000_000;
const BYTES_PER_MS = 2_000;
const RESPONSE_LIMIT_BYTES = 200_000_000;

/** Time kept for the way from the function to the caller, milliseconds. */
const RESERVE_MS = 1_000;

/** Memory a collected log takes beside its encoded document (log-list.ts), bytes: its key, and some room. */
const OVERHEAD_BYTES = 80;

/** What a byte of the body costs on its way out. */
export interface Cost {
  /** Bytes that are sent. */
  readonly sentBytes: number;
  /** Milliseconds of work. */
  readonly workMs: number;
}

/** A body that is sent as it is: inflating it is far faster than sending it. */
export const AS_IT_IS: Cost = { sentBytes: 1, workMs: 0 };

export interface Budget {
  /** Milliseconds in which the last byte must be on its way; negative when it is too late. */
  timeLeft(): number;
  /**
   * Whether this much can be sent in the time that is left and held in memory; with `share`, in so much of both.
   *
   * @param timeLeft milliseconds; as long as there is, unless it is given
   */
  holds(totals: Totals, cost: Cost, share?: number, timeLeft?: number): boolean;
}

/**
 * @param deadline when the caller must have the whole answer, epoch milliseconds
 * @param memoryBytes how much the collected logs may take
 * @param now epoch milliseconds
 */
export function budget(deadline: number, memoryBytes: number, now: () => number): Budget {
  const timeLeftNow = (): number => deadline - RESERVE_MS - now();
  return {
    timeLeft: timeLeftNow,
    holds: (totals, cost, share = 1, timeLeft = timeLeftNow()) => {
      const bytes = answerLength(totals.results, totals.documentBytes);
      return (
        bytes * cost.sentBytes <= share * sendableBytes(timeLeft) &&
        bytes * cost.workMs <= share * Math.max(0, timeLeft) &&
        totals.encodedBytes + totals.results * OVERHEAD_BYTES <= share * memoryBytes
      );
    },
  };
}

const sendableBytes = (timeLeft: number): number =>
  Math.min(RESPONSE_LIMIT_BYTES, BURST_BYTES + BYTES_PER_MS * Math.max(0, timeLeft));
