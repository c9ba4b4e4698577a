import type { ContentEncoding } from '../negotiate-encoding.ts';

/** What one byte of a body costs until it is sent, before it is compressed. */
export interface Cost {
  /**
   * How the cost is known:
   * - `exact`: it is certain, because the body is sent uncompressed;
   * - `estimated`: from a sample, so that a part of the budget has to stay free for its error;
   * - `least`: no body costs less. This is all that is known while logs are collected.
   */
  readonly kind: 'exact' | 'estimated' | 'least';
  /** Bytes that are sent. */
  readonly sentBytes: number;
  /** Milliseconds of work. */
  readonly workMs: number;
}

/** An uncompressed body: writing it is far faster than sending it. */
export const UNCOMPRESSED: Cost = { kind: 'exact', sentBytes: 1, workMs: 0 };

/** No log was ever seen to compress better than to one fiftieth. */
const LEAST_COMPRESSED: Cost = { kind: 'least', sentBytes: 1 / 50, workMs: 0 };

/** What a body costs at the least, whatever its logs are. */
export const leastCost = (encoding: ContentEncoding): Cost =>
  encoding === 'identity' ? UNCOMPRESSED : LEAST_COMPRESSED;
