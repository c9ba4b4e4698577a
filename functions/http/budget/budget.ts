import type { Totals } from '../../../shared/store/collect-window.ts';
import type { WindowFormat } from '../answer-formats/answer-format.ts';
import type { Cost } from './cost.ts';

/**
 * What one request can send and hold (docs/architecture.md#collect-then-stream). Lambda streams 6 MB at full speed and
 * then 2 MB a second, 200 MB at most; API Gateway is no tighter.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
 */
const BURST_BYTES = 6_000_000;
const BYTES_PER_MS = 2_000;
const RESPONSE_LIMIT_BYTES = 200_000_000;

/** Time kept for the way from the function to the caller, milliseconds. */
const RESERVE_MS = 1_000;

/** Memory that a collected log takes beside its encoded document (shared/store/log-list.ts), bytes: its key, and some room. */
const OVERHEAD_BYTES = 80;

/** How much of the budget a body may take, by how its cost is known. */
const USABLE_SHARE: Readonly<Record<Cost['kind'], number>> = { exact: 1, most: 1, estimated: 0.9, least: 1 };

export interface Budget {
  /** Milliseconds in which the last byte must be on its way; negative when it is too late. */
  timeLeft(): number;
  /**
   * Whether this much can be held in memory, and sent in the time that is left.
   *
   * @param limits what to count with, if not with all that the kind of the cost allows: a `share` (0 to 1) of time,
   *   bytes and memory; another `timeLeft`, milliseconds
   */
  fits(totals: Totals, cost: Cost, limits?: { share?: number; timeLeft?: number | undefined }): boolean;
}

export interface BudgetOptions {
  /** When the caller must have the whole answer, epoch milliseconds. */
  readonly deadline: number;
  /** How much the collected logs may take, bytes. */
  readonly memoryBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly format: Pick<WindowFormat, 'bodyLength'>;
}

export function budget({ deadline, memoryBytes, now, format }: BudgetOptions): Budget {
  const timeLeftNow = (): number => deadline - RESERVE_MS - now();
  return {
    timeLeft: timeLeftNow,
    fits: (totals, cost, { share = USABLE_SHARE[cost.kind], timeLeft = timeLeftNow() } = {}) => {
      const bytes = format.bodyLength(totals.results, totals.documentBytes);
      const sumOf = (name: 'sentBytes' | 'workMs'): number =>
        Math.max(bytes * cost[name], totals.results * (cost.perLog?.[name] ?? 0));
      return (
        sumOf('sentBytes') <= share * sendableBytes(timeLeft) &&
        sumOf('workMs') <= share * Math.max(0, timeLeft) &&
        totals.encodedBytes + totals.results * OVERHEAD_BYTES <= share * memoryBytes
      );
    },
  };
}

/** How many bytes of a body can be sent in a time (milliseconds). */
export const sendableBytes = (timeLeft: number): number =>
  Math.min(RESPONSE_LIMIT_BYTES, BURST_BYTES + BYTES_PER_MS * Math.max(0, timeLeft));
